import { randomUUID } from 'node:crypto';
import { ANALYSIS_NAMES, ANALYSIS_QUEUE, BATCH_QUEUE, analysisJobId, batchJobId } from '@millrace/domain';
import type { AnalysisJob, BatchJob, BatchStep } from '@millrace/domain';
import { InMemoryBatchRegistry, aBatch, aRegisteredBatch, aUuid, requireEndpoints } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { FlowProducer, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { AnalysisJobs } from './analysis-jobs';
import { OUTCOME, failing, memberSteps, setUpBatch, until } from './batch.fixture';
import { BullBatchQueue } from './bull-batch-queue';
import { BullMemberQueue } from './bull-member-queue';

const prefix = `spec-${randomUUID()}`;

let redis: Redis;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  Logger.overrideLogger(false);
  redis = new Redis(requireEndpoints().redis, { maxRetriesPerRequest: null });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await forget();
});

afterAll(async () => {
  await redis.quit();
});

/** What a Redis that lost its data looks like to this spec. */
async function forget(): Promise<void> {
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
}

/** A full report with the real queue and a worker, as the orchestrator puts them together. */
async function setUpFlow({ concurrency = 3 } = {}) {
  const connection = redis;
  const queue = new Queue<AnalysisJob>(ANALYSIS_QUEUE, { connection, prefix });
  const flows = new FlowProducer({ connection, prefix });
  const memberQueue = new BullMemberQueue(flows, queue);
  const parts = await setUpBatch({ analysisType: 'full_report' }, {}, memberQueue);
  const jobs = new AnalysisJobs(parts.registry, parts.members);
  const worker = new Worker<AnalysisJob, string>(ANALYSIS_QUEUE, (job) => jobs.handle(job), {
    ...{ connection, prefix, concurrency },
    autorun: false,
  });
  worker.on('error', () => undefined);
  closing.push(
    () => queue.close(),
    () => flows.close(),
    () => worker.close(),
    // First, also when the spec has failed: what still runs would keep the others open.
    () => parts.runBatch.drain(0),
  );
  const start = () => void worker.run();
  const state = (jobId: string) => queue.getJobState(jobId);
  const parent = batchJobId(parts.key);
  const child = (name: (typeof ANALYSIS_NAMES)[number]) => analysisJobId(parts.key, name);
  return { ...parts, memberQueue, queue, start, state, parent, child };
}

describe('the flow of a full report in Redis', () => {
  it('has a job for each analysis, and a parent that ends after them', async () => {
    const { runBatch, start, state, parent, child, key, current, computation } = await setUpFlow();
    start();
    await runBatch.execute(key);
    expect((await current()).status).toBe('COMPLETED');
    expect(computation.started.sort()).toEqual(['raw', ...memberSteps()].sort());
    await until(async () => (await state(parent)) === 'completed');
    for (const name of ANALYSIS_NAMES) expect(await state(child(name))).toBe('completed');
  });

  it('runs no more members at once than the worker takes', async () => {
    const { runBatch, computation, start, key } = await setUpFlow({ concurrency: 2 });
    let running = 0;
    let most = 0;
    for (const step of memberSteps()) {
      computation.scripts[step] = async () => {
        running += 1;
        most = Math.max(most, running);
        // The first waits for the second; the answers leave a third the time to begin, were it let.
        await until(() => most >= 2);
        for (let answers = 0; answers < 3; answers += 1) await redis.ping();
        running -= 1;
        return OUTCOME;
      };
    }
    start();
    await runBatch.execute(key);
    expect(most).toBe(2);
  });

  it('shows what failed, and the parent says which', async () => {
    const { runBatch, computation, queue, start, state, parent, child, key, current } = await setUpFlow();
    computation.scripts['aggregated/fraud_analysis'] = failing(new Error('[DIVIDE_BY_ZERO] no\n at x'));
    start();
    await runBatch.execute(key);
    expect((await current()).status).toBe('FAILED');
    await until(async () => (await state(parent)) === 'failed');
    expect((await queue.getJob(child('fraud_analysis')))?.failedReason).toBe('[DIVIDE_BY_ZERO] no');
    expect((await queue.getJob(parent))?.failedReason).toContain('Failed: fraud_analysis');
    expect(await state(child('hourly_trends'))).toBe('completed');
  });

  it('tries the batch again when the failed job is retried in the queue', async () => {
    const { runBatch, computation, queue, start, state, parent, child, key, current } = await setUpFlow();
    computation.scripts['aggregated/fraud_analysis'] = failing(new Error('no'));
    start();
    await runBatch.execute(key);
    await until(async () => (await state(parent)) === 'failed');
    delete computation.scripts['aggregated/fraud_analysis'];
    computation.started.length = 0;
    // What the queue pages do.
    await (await queue.getJob(child('fraud_analysis')))?.retry('failed');
    await until(async () => (await current()).status === 'PENDING');
    await runBatch.execute({ ...key, attempt: 2 });
    expect((await current()).status).toBe('COMPLETED');
    expect(computation.started).toEqual(['aggregated/fraud_analysis'] satisfies BatchStep[]);
    await until(async () => (await state(batchJobId({ ...key, attempt: 2 }))) === 'completed');
  });

  it('is added again when Redis has lost it', async () => {
    const { runBatch, computation, start, state, parent, key, current } = await setUpFlow();
    const running = runBatch.execute(key);
    await until(async () => (await state(parent)) === 'waiting-children');
    await forget();
    start();
    await running;
    expect((await current()).status).toBe('COMPLETED');
    expect(computation.started).toHaveLength(9);
    await until(async () => (await state(parent)) === 'completed');
  });

  it('gets a single job again that is lost', async () => {
    const { runBatch, queue, computation, start, state, parent, child, key, current } = await setUpFlow();
    const running = runBatch.execute(key);
    await until(async () => (await state(parent)) === 'waiting-children');
    await queue.remove(child('hourly_trends'));
    start();
    await running;
    expect((await current()).status).toBe('COMPLETED');
    expect(computation.started).toHaveLength(9);
  });

  it('is taken back when the batch is handed back', async () => {
    const { runBatch, state, parent, child, key, current } = await setUpFlow();
    const running = runBatch.execute(key);
    await until(async () => (await state(parent)) === 'waiting-children');
    await runBatch.drain(0);
    await running;
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2 });
    await until(async () => (await state(parent)) === 'unknown');
    for (const name of ANALYSIS_NAMES) expect(await state(child(name))).toBe('unknown');
  });

  it('does nothing when its jobs are delivered to a process that knows nothing of it', async () => {
    const { memberQueue, computation, queue, start, state, parent, child, current } = await setUpFlow();
    await memberQueue.add(await current(), ANALYSIS_NAMES);
    start();
    await until(async () => (await state(parent)) === 'completed');
    expect((await queue.getJob(child('fraud_analysis')))?.returnvalue).toMatch(/^nothing to do/);
    expect(computation.started).toEqual([]);
    expect((await current()).status).toBe('PENDING');
  });
});

describe('the queue of batches in Redis', () => {
  function setUpQueue() {
    const queue = new Queue<BatchJob>(BATCH_QUEUE, { connection: redis, prefix });
    closing.push(() => queue.close());
    return { queue, batches: new BullBatchQueue(queue) };
  }

  it('adds the job of an attempt once, by its turn', async () => {
    const { queue, batches } = setUpQueue();
    const registry = new InMemoryBatchRegistry();
    const first = await aRegisteredBatch(registry, { uuid: aUuid(1) });
    const second = await aRegisteredBatch(registry, { uuid: aUuid(2) });
    await batches.ensure(second);
    await batches.ensure(first);
    await batches.ensure(first);
    const jobs = await queue.getJobs(['prioritized'], 0, -1, true);
    expect(jobs.map(({ id, priority }) => [id, priority])).toEqual([
      [batchJobId(first), first.fairRank],
      [batchJobId(second), second.fairRank],
    ]);
    expect(second.fairRank).toBeGreaterThan(first.fairRank);
  });

  it('tells the jobs that wait from those that run, and removes only those that wait', async () => {
    const { batches } = setUpQueue();
    const [running, waiting] = [aBatch({ uuid: aUuid(1) }), aBatch({ uuid: aUuid(2), fairRank: 2 })];
    await batches.ensure(running);
    await batches.ensure(waiting);
    const worker = new Worker<BatchJob>(BATCH_QUEUE, null, { connection: redis, prefix, autorun: false });
    closing.push(() => worker.close());
    const job = await worker.getNextJob('token');
    expect(await batches.liveJobs()).toEqual({
      waiting: new Set([batchJobId(waiting)]),
      running: new Set([batchJobId(running)]),
    });
    await batches.remove(batchJobId(running));
    await batches.remove(batchJobId(waiting));
    expect(await batches.liveJobs()).toEqual({ waiting: new Set(), running: new Set([batchJobId(running)]) });
    await job.moveToCompleted(undefined, 'token', false);
  });

  it('replaces a job that has ended without doing its work', async () => {
    const { queue, batches } = setUpQueue();
    const batch = aBatch();
    await batches.ensure(batch);
    const worker = new Worker<BatchJob>(BATCH_QUEUE, null, { connection: redis, prefix, autorun: false });
    closing.push(() => worker.close());
    const job = await worker.getNextJob('token');
    await job.moveToCompleted(undefined, 'token', false);
    expect(await queue.getJobState(batchJobId(batch))).toBe('completed');
    await batches.ensure(batch);
    expect(await queue.getJobState(batchJobId(batch))).toBe('prioritized');
  });
});
