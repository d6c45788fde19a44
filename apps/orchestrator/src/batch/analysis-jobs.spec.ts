import { Logger } from '@nestjs/common';
import { AnalysisJobs } from './analysis-jobs';
import { failing, setUpBatch } from './batch.fixture';

const setUpReport = () => setUpBatch({ analysisType: 'full_report' });
const BROKEN = failing(new Error('[DIVIDE_BY_ZERO] Division by zero.\n at x'));

function aJob(data: object, attemptsMade = 0, failed: Record<string, string> = {}) {
  return {
    data: data as never,
    attemptsMade,
    getIgnoredChildrenFailures: () => Promise.resolve(failed),
  };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('the job of a member', () => {
  it('fails with the reason of its analysis', async () => {
    const { registry, members, runBatch, computation, queue, key } = await setUpReport();
    const jobs = new AnalysisJobs(registry, members);
    const reasons: unknown[] = [];
    queue.deliver = (attempt, analysisType) =>
      jobs
        .handle(aJob({ batchId: attempt.batchId, attempt: attempt.attempt, analysisType }))
        .catch((error: unknown) => reasons.push(error));
    computation.scripts['aggregated/fraud_analysis'] = BROKEN;
    await runBatch.execute(key);
    expect(reasons).toMatchObject([{ message: '[DIVIDE_BY_ZERO] Division by zero.' }]);
  });

  it('tries the failed batch again when it is retried by hand', async () => {
    const { registry, members, runBatch, computation, key, current } = await setUpReport();
    computation.scripts['aggregated/fraud_analysis'] = BROKEN;
    await runBatch.execute(key);
    const jobs = new AnalysisJobs(registry, members);
    const job = aJob({ ...key, analysisType: 'fraud_analysis' }, 1);
    expect(await jobs.handle(job)).toBe('the batch is tried again as attempt 2');
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2 });
    // Clicked once more: the batch is on its way already.
    expect(await jobs.handle(job)).toBe('nothing to do: the batch is PENDING');
    expect((await current()).attempt).toBe(2);
  });

  it('does nothing when it comes late to a batch that has failed meanwhile', async () => {
    const { registry, members, runBatch, computation, key, current } = await setUpReport();
    computation.scripts['aggregated/fraud_analysis'] = BROKEN;
    await runBatch.execute(key);
    const jobs = new AnalysisJobs(registry, members);
    await jobs.handle(aJob({ ...key, analysisType: 'fraud_analysis' }));
    expect(await current()).toMatchObject({ status: 'FAILED', attempt: 1 });
  });

  it('does nothing for a member that is finished', async () => {
    const { registry, members, runBatch, computation, key, current } = await setUpReport();
    computation.scripts['aggregated/fraud_analysis'] = BROKEN;
    await runBatch.execute(key);
    await new AnalysisJobs(registry, members).handle(aJob({ ...key, analysisType: 'hourly_trends' }, 1));
    expect((await current()).attempt).toBe(1);
  });

  it('refuses what is no job', async () => {
    const { registry, members } = await setUpReport();
    const jobs = new AnalysisJobs(registry, members);
    await expect(jobs.handle(aJob({ batchId: 1 }))).rejects.toThrow('Not an analysis job');
  });

  it('has a parent that names the members that failed', async () => {
    const { registry, members, key } = await setUpReport();
    const jobs = new AnalysisJobs(registry, members);
    expect(await jobs.handle(aJob(key))).toBe('completed');
    const failed = { [`bull:analyses:${key.batchId}-1-fraud_analysis`]: 'no' };
    await expect(jobs.handle(aJob(key, 0, failed))).rejects.toThrow('Failed: fraud_analysis');
  });
});
