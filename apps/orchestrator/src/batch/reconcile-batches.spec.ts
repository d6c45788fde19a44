import type { AttemptKey } from '@millrace/domain';
import { InMemoryBatchRegistry, aNewBatch } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { ReconcileBatches } from './reconcile-batches';

const now = new Date('2026-01-01T00:00:00Z');

async function setUp(active: readonly string[] = []) {
  const registry = new InMemoryBatchRegistry();
  const batch = await registry.register(aNewBatch());
  const ensured: AttemptKey[] = [];
  const queue = {
    ensure: ({ batchId, attempt }: AttemptKey) => {
      ensured.push({ batchId, attempt });
      return Promise.resolve();
    },
  };
  const reconciler = new ReconcileBatches(
    registry,
    queue,
    () => new Set(active),
    () => now,
  );
  return { registry, reconciler, ensured, key: { batchId: batch.batchId, attempt: 1 } };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('reconciling the queue with the registry', () => {
  it('gives a pending batch its job', async () => {
    const { reconciler, ensured, key } = await setUp();
    await reconciler.reconcile();
    expect(ensured).toEqual([key]);
  });

  it('puts an abandoned batch back at the next attempt', async () => {
    const { registry, reconciler, ensured, key } = await setUp();
    await registry.claim(key, now);
    await reconciler.reconcile();
    expect(await registry.find(key.batchId)).toMatchObject({ status: 'PENDING', attempt: 2 });
    expect(ensured).toEqual([{ ...key, attempt: 2 }]);
  });

  it('leaves a batch alone that this process works on', async () => {
    const { registry } = await setUp();
    const [batch] = await registry.inState('PENDING');
    const { reconciler, registry: other, key, ensured } = await setUp([batch?.batchId ?? '']);
    await other.claim(key, now);
    await reconciler.reconcile();
    expect((await other.find(key.batchId))?.status).toBe('RUNNING');
    expect(ensured).toEqual([]);
  });

  it('waits for the back-off of a batch', async () => {
    const { registry, reconciler, ensured, key } = await setUp();
    await registry.claim(key, now);
    await registry.handBack(key, { failure: 'conflict', notBefore: new Date(now.getTime() + 1) });
    await reconciler.reconcile();
    expect(ensured).toEqual([]);
  });
});
