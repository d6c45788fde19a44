import { randomUUID } from 'node:crypto';
import { openRegistry } from '@millrace/registry';
import { aNewBatch } from '@millrace/testing';
import { ensureHistory } from './history';
import { ALL_TIME, deltaBasePath, endpoints, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, rawBatchId, streamStatus } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(480_000);

/** A batch whose pinned version does not exist: accepted, and sure to fail in Spark. */
async function submitDoomedBatch(): Promise<string> {
  const registry = openRegistry({
    databaseUrl: endpoints.postgres,
    maxConnections: 1,
    applicationName: 'e2e',
  });
  const uuid = randomUUID();
  const batchId = `batch-20000101-${uuid.slice(0, 8)}`;
  const source = { sourcePath: `${deltaBasePath()}/stream/transactions`, sourceVersion: 999_999n };
  try {
    await registry.batches.register(aNewBatch({ batchId, uuid, ...source }), { maxPending: 1_000 });
    return batchId;
  } finally {
    await registry.close();
  }
}

describe('streams beside batches', () => {
  it('keeps committing while three batches run and one fails', async () => {
    await ensureHistory();
    await ensureStreaming();
    const runs = (await streamStatus()).queries.map(({ runId }) => runId);
    const before = await rawBatchId();
    const doomed = await submitDoomedBatch();
    const batches = await Promise.all(
      [1, 2, 3].map(() => submitBatch({ ...ALL_TIME, analysisType: 'customer_segmentation' })),
    );
    const commits = (async () => {
      for (let round = 1; round <= 3; round += 1) {
        const last = await rawBatchId();
        await produce(50, 100 + round);
        await waitUntil(
          'the next commit of the stream',
          async () => ((await rawBatchId()) > last ? true : undefined),
          { timeoutMs: 180_000 },
        );
      }
    })();
    const ended = await Promise.all([...batches, doomed].map((batchId) => settled(batchId, 240_000)));
    await commits;
    expect(ended.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED']);
    expect(ended[3]?.errorMessage).toMatch(/version .* is not in its log.*rerun/);
    expect(await rawBatchId()).toBeGreaterThanOrEqual(before + 3);
    expect((await streamStatus()).queries.map(({ runId }) => runId)).toEqual(runs);
  });
});
