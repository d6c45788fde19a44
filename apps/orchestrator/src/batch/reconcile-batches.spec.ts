import { batchJobId } from '@millrace/domain';
import type { AttemptKey, BatchRecord } from '@millrace/domain';
import { aRegisteredBatch, aUuid } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError } from 'spark-connect-js';
import { NOW, setUpBatch, until } from './batch.fixture';
import { ReconcileBatches } from './reconcile-batches';
import type { BatchQueue } from './reconcile-batches';

class ListedQueue implements BatchQueue {
  readonly waiting = new Set<string>();
  readonly running = new Set<string>();
  readonly ensured: BatchRecord[] = [];
  readonly removed: string[] = [];
  isAway = false;
  listed = 0;

  liveJobs() {
    this.listed += 1;
    if (this.isAway) return Promise.reject(new Error('Redis did not answer'));
    return Promise.resolve({ waiting: new Set(this.waiting), running: new Set(this.running) });
  }

  ensure(batch: BatchRecord): Promise<void> {
    this.ensured.push(batch);
    return Promise.resolve();
  }

  remove(jobId: string): Promise<void> {
    this.removed.push(jobId);
    return Promise.resolve();
  }
}

async function setUp() {
  const parts = await setUpBatch();
  const queue = new ListedQueue();
  const { registry, runBatch, cancelBatch } = parts;
  const reconciler = new ReconcileBatches({ registry, queue, runBatch, cancelBatch }, () => NOW);
  /** As a process that died left it: an execution was sent, and may run on. */
  const leaveRunning = async (key: AttemptKey) => {
    await registry.claim(key, NOW);
    await registry.storeExecution(key, 'raw', { operationId: 'one', sessionId: 'two' });
  };
  return { ...parts, queue, reconciler, leaveRunning };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('reconciling the queue with the registry', () => {
  it('gives a pending batch its job, with its turn', async () => {
    const { reconciler, queue, key } = await setUp();
    await reconciler.reconcile();
    expect(queue.ensured).toMatchObject([{ ...key, fairRank: 1 }]);
  });

  it('leaves a batch alone that has a live job', async () => {
    const { registry, reconciler, queue, key } = await setUp();
    const other = await aRegisteredBatch(registry, { uuid: aUuid(2) });
    queue.waiting.add(batchJobId(key));
    queue.running.add(batchJobId(other));
    await reconciler.reconcile();
    expect(queue.ensured).toEqual([]);
    expect(queue.removed).toEqual([]);
  });

  it('puts an abandoned batch back at the next attempt', async () => {
    const { reconciler, queue, key, leaveRunning, current } = await setUp();
    await leaveRunning(key);
    await reconciler.reconcile();
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2 });
    expect(queue.ensured).toMatchObject([{ ...key, attempt: 2 }]);
  });

  it('leaves a batch alone that this process works on', async () => {
    const { runBatch, reconciler, queue, key, current, whenStarted } = await setUp();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await reconciler.reconcile();
    expect((await current()).status).toBe('RUNNING');
    expect(queue.ensured).toEqual([]);
    await runBatch.drain(0);
    await running;
  });

  it('waits for the back-off of a batch', async () => {
    const { registry, reconciler, queue, key } = await setUp();
    await registry.claim(key, NOW);
    await registry.handBack(key, { failure: 'conflict', notBefore: new Date(NOW.getTime() + 1) });
    await reconciler.reconcile();
    expect(queue.ensured).toEqual([]);
  });

  it('asks Redis once for a full queue, and gives it a bounded number of jobs in a round', async () => {
    const { registry, reconciler, queue, key } = await setUp();
    for (let number = 2; number <= 500; number += 1)
      await aRegisteredBatch(registry, { uuid: aUuid(number) });
    await reconciler.reconcile();
    expect(queue.listed).toBe(1);
    expect(queue.ensured).toHaveLength(200);
    expect(queue.ensured[0]).toMatchObject(key);
    for (const batch of await registry.inState('PENDING')) queue.waiting.add(batchJobId(batch));
    await reconciler.reconcile();
    expect(queue.listed).toBe(2);
    expect(queue.ensured).toHaveLength(200);
    expect(queue.removed).toEqual([]);
  });

  it('removes jobs that wait for a batch that does not', async () => {
    const { registry, reconciler, queue, key, batchId } = await setUp();
    await registry.requestCancel(batchId, NOW);
    queue.waiting.add(batchJobId(key)).add('batch-20200101-00000000-1');
    queue.running.add('batch-20200101-00000001-1');
    await reconciler.reconcile();
    expect(queue.removed).toEqual([batchJobId(key), 'batch-20200101-00000000-1']);
  });

  it('hands back and cancels also while Redis is away', async () => {
    const { registry, reconciler, queue, key, leaveRunning, current } = await setUp();
    const cancelled = await aRegisteredBatch(registry, { uuid: aUuid(2) });
    queue.isAway = true;
    await leaveRunning(key);
    await leaveRunning(cancelled);
    await registry.requestCancel(cancelled.batchId, NOW);
    await reconciler.reconcile();
    expect((await current()).status).toBe('PENDING');
    await until(async () => (await registry.find(cancelled.batchId))?.status === 'CANCELLED');
    expect(queue.removed).toEqual([]);
  });
});

describe('reconciling cancels', () => {
  it('cancels a running batch that nobody works on, when Spark has stopped', async () => {
    const { registry, reconciler, computation, key, batchId, leaveRunning, current } = await setUp();
    await leaveRunning(key);
    await registry.requestCancel(batchId, NOW);
    await reconciler.reconcile();
    await until(async () => (await current()).status === 'CANCELLED');
    expect(computation.stopped).toEqual([batchId]);
  });

  it('cancels a batch that was handed back while its execution may run on', async () => {
    const { registry, reconciler, queue, computation, key, batchId, leaveRunning, current } = await setUp();
    await leaveRunning(key);
    await registry.handBack(key, {});
    await registry.requestCancel(batchId, NOW);
    expect((await current()).status).toBe('PENDING');
    await reconciler.reconcile();
    await until(async () => (await current()).status === 'CANCELLED');
    expect(computation.stopped).toEqual([batchId]);
    expect(queue.ensured).toEqual([]);
  });

  it('tries again in each round as long as Spark is away', async () => {
    const { registry, reconciler, computation, key, batchId, leaveRunning, current } = await setUp();
    await leaveRunning(key);
    await registry.requestCancel(batchId, NOW);
    computation.stopFailure = new ConnectionUnavailableError('refused');
    await reconciler.reconcile();
    expect(await current()).toMatchObject({ status: 'RUNNING', attempt: 1 });
    computation.stopFailure = undefined;
    await until(async () => {
      await reconciler.reconcile();
      return (await current()).status === 'CANCELLED';
    });
  });

  it('ends a batch that runs here although the change was missed', async () => {
    const { registry, runBatch, reconciler, key, batchId, current, whenStarted } = await setUp();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await registry.requestCancel(batchId, NOW);
    await reconciler.reconcile();
    await running;
    expect((await current()).status).toBe('CANCELLED');
  });
});
