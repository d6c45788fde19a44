import { ANALYSIS_QUEUE } from '@millrace/domain';
import { Processor, WorkerHost } from '@nestjs/bullmq';
// Injected by its class, so a type-only import would lose it.
import { AnalysisJobs } from './analysis-jobs';
import type { AnalysisJobOfQueue } from './analysis-jobs';

/**
 * Takes the analyses of full reports off their queue. A worker of its own, so that a batch that waits for its members
 * never keeps them from running.
 */
@Processor(ANALYSIS_QUEUE, { autorun: false })
export class AnalysisProcessor extends WorkerHost {
  constructor(private readonly jobs: AnalysisJobs) {
    super();
  }

  async process(job: AnalysisJobOfQueue): Promise<string> {
    return this.jobs.handle(job);
  }
}
