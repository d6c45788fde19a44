import { randomUUID } from 'node:crypto';
import { ANALYSIS_NAMES, ServiceUnavailable, tablePaths } from '@millrace/domain';
import type {
  AnalysisName,
  AttemptKey,
  BatchRecord,
  BatchStep,
  NewBatch,
  StepOutcome,
} from '@millrace/domain';
import { InMemoryBatchRegistry, aRegisteredBatch } from '@millrace/testing';
import type { BatchComputation, StepRun } from '../compute/batch-computation';
import { AttemptSuperseded } from './attempt-superseded';
import { CancelBatch } from './cancel-batch';
import { RunBatch } from './run-batch';
import type { RunBatchSettings } from './run-batch';
import { RunMembers } from './run-members';
import type { MemberQueue } from './run-members';
import { StopTimedOut } from './stop-timed-out';

export { until } from '../until.fixture';

export const NOW = new Date('2026-01-01T00:00:00Z');
const LOOK_MS = 5;
export const RETENTION_MS = 7 * 86_400_000;

export const OUTCOME: StepOutcome = {
  version: 0,
  rowCount: 7,
  maxEventTimestamp: '2025-01-31T23:59:59.000001Z',
};

/** What a step does; the default succeeds at once. */
export type StepScript = (run: StepRun, batch: BatchRecord) => Promise<StepOutcome>;

/** Runs until its attempt is aborted, as a slow execution does. */
export const untilAborted: StepScript = ({ signal }) =>
  new Promise((_resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });

export const failing =
  (error: Error): StepScript =>
  () =>
    Promise.reject(error);

/** Steps that do what the spec says, and store what the real ones store. */
export class ScriptedComputation implements BatchComputation {
  readonly scripts: Partial<Record<BatchStep, StepScript>> = {};
  /** Every step that was run, in the order of their starts. */
  readonly started: BatchStep[] = [];
  /** Batches whose executions were stopped, each time. */
  readonly stopped: string[] = [];
  /** What stopping meets, while it is set. */
  stopFailure: Error | undefined;

  constructor(private readonly registry: InMemoryBatchRegistry) {}

  computeRaw(batch: BatchRecord, run: StepRun): Promise<StepOutcome> {
    return this.step(batch, 'raw', run);
  }

  computeAnalysis(
    batch: BatchRecord,
    _raw: StepOutcome,
    analysis: AnalysisName,
    run: StepRun,
  ): Promise<StepOutcome> {
    const isMember = batch.analysisType === 'full_report';
    return this.step(batch, isMember ? `aggregated/${analysis}` : 'aggregated', run);
  }

  /** What storing in the sinks does; nothing unless told. */
  storeInSinks: (batch: BatchRecord, run: StepRun) => Promise<void> = () => Promise.resolve();

  stopExecutions(batch: BatchRecord): Promise<void> {
    if (this.stopFailure !== undefined) return Promise.reject(this.stopFailure);
    this.stopped.push(batch.batchId);
    return Promise.resolve();
  }

  /** Lets a step run until its attempt is aborted, and tells when it has started. */
  whenStarted(step: BatchStep): Promise<void> {
    return new Promise((resolve) => {
      this.scripts[step] = (run, batch) => {
        resolve();
        return untilAborted(run, batch);
      };
    });
  }

  private async step(batch: BatchRecord, step: BatchStep, run: StepRun): Promise<StepOutcome> {
    const known = batch.executions[step]?.outcome;
    if (known !== undefined) return known;
    this.started.push(step);
    const execution = { operationId: randomUUID(), sessionId: randomUUID() };
    if (!(await this.registry.storeExecution(batch, step, execution))) throw new AttemptSuperseded(batch);
    const outcome = await (this.scripts[step]?.(run, batch) ?? Promise.resolve(OUTCOME));
    await this.registry.storeExecution(batch, step, { ...execution, outcome });
    return outcome;
  }
}

/** The queue of analyses with a worker that takes each job at once. */
export class ImmediateMemberQueue implements MemberQueue {
  readonly discarded: AttemptKey[] = [];
  /** A Redis that forgets what it is given. */
  isLost = false;
  lost = 0;
  deliver: (key: AttemptKey, member: AnalysisName) => Promise<unknown> | undefined = () => undefined;

  add(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void> {
    if (this.isLost) {
      this.lost += 1;
      return Promise.resolve();
    }
    for (const member of members) this.deliver(batch, member)?.catch(() => undefined);
    return Promise.resolve();
  }

  ensure(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void> {
    return this.add(batch, members);
  }

  discard({ batchId, attempt }: AttemptKey): Promise<void> {
    this.discarded.push({ batchId, attempt });
    return Promise.resolve();
  }
}

/** Whether members are started at all. */
class SwitchedSpark {
  isAway = false;
  /** How often it was asked for while it was away. */
  refused = 0;

  readonly require = (): void => {
    if (!this.isAway) return;
    this.refused += 1;
    throw new ServiceUnavailable('Spark is not available');
  };
}

/** A batch and all that runs it, in memory. */
export async function setUpBatch(
  request: Partial<NewBatch> = {},
  settings: Partial<RunBatchSettings> = {},
  /** Instead of the one that delivers at once. */
  memberQueue?: MemberQueue,
) {
  const registry = new InMemoryBatchRegistry();
  const { batchId } = await aRegisteredBatch(registry, request);
  const computation = new ScriptedComputation(registry);
  const queue = new ImmediateMemberQueue();
  const spark = new SwitchedSpark();
  const members = new RunMembers(registry, computation, memberQueue ?? queue, spark.require, LOOK_MS);
  queue.deliver = (key, member) => members.start(key, member);
  const now = () => NOW;
  const ends: boolean[] = [];
  const cancelBatch = new CancelBatch(registry, computation, now);
  const runBatch = new RunBatch(
    {
      registry,
      computation,
      members,
      cancelBatch,
      stopTimedOut: new StopTimedOut(registry, computation, RETENTION_MS, now, 1),
      paths: tablePaths('/data'),
      onAttemptEnded: ({ isSparkLost }) => ends.push(isSparkLost),
    },
    { timeoutSeconds: 3_600, retentionMs: RETENTION_MS, ...settings },
    now,
  );
  const key: AttemptKey = { batchId, attempt: 1 };
  const current = async () => {
    const found = await registry.find(batchId);
    if (found === undefined) throw new Error('The batch is gone');
    return found;
  };
  const whenStarted = (step: BatchStep) => computation.whenStarted(step);
  return {
    ...{ registry, computation, queue, members, runBatch, cancelBatch, spark },
    ...{ key, batchId, current, ends, whenStarted },
  };
}

export const memberSteps = (names: readonly AnalysisName[] = ANALYSIS_NAMES): BatchStep[] =>
  names.map((name): BatchStep => `aggregated/${name}`);
