import { setTimeout as delay } from 'node:timers/promises';
import { latestVersion, queryDelta } from './delta-rows';
import { ensureHistory } from './history';
import { ALL_TIME, call, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, rawBatchId } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(480_000);

interface Aggregated {
  readonly data: readonly { readonly transaction_count: number }[];
}

const countAndHash = (rows: string) =>
  `SELECT count(*) AS rows, bit_xor(hash(transaction_id, total_amount)) AS hash,
          count(*) FILTER (transaction_status = 'completed') AS completed FROM ${rows}`;

/** Of the raw table of a batch. */
const rawFacts = async (batchId: string) =>
  (await queryDelta(`batches/${batchId}/raw`, 0, countAndHash))[0] ?? {};

describe('a batch while the stream writes', () => {
  beforeAll(async () => {
    await ensureHistory();
    await ensureStreaming();
  });

  it('agrees with itself: row count, raw rows and analysis are of one version', async () => {
    const writing = { isOver: false };
    const stream = (async () => {
      for (let seed = 500; !writing.isOver; seed += 1) {
        await produce(200, seed);
        // Slow batches would else make more events, and these slower batches.
        await delay(250);
      }
    })();
    const analysisType = 'revenue_by_category';
    const batches = await Promise.all([1, 2, 3].map(() => submitBatch({ ...ALL_TIME, analysisType })));
    const ended = await Promise.all(batches.map((batchId) => settled(batchId, 240_000)));
    writing.isOver = true;
    await stream;
    for (const batch of ended) {
      const facts = await rawFacts(batch.batchId);
      expect(BigInt(batch.rowCount ?? -1)).toBe(facts['rows']);
      const { body } = await call<Aggregated>('GET', `/batch/data/${batch.batchId}/aggregated`);
      const counted = body.data.reduce((sum, row) => sum + row.transaction_count, 0);
      expect(BigInt(counted)).toBe(facts['completed']);
      const source = await queryDelta('stream/transactions', batch.sourceVersion ?? -1, countAndHash);
      expect(source[0]).toEqual(facts);
    }
  });

  it('is repeated at its own version, or at the latest', async () => {
    const submission = { ...ALL_TIME, analysisType: 'hourly_trends' };
    const first = await settled(await submitBatch(submission));
    const before = await rawBatchId();
    await produce(100, 900);
    await waitUntil('a commit after the batch', async () =>
      (await rawBatchId()) > before ? true : undefined,
    );
    const again = async (at: string) => {
      const { status, body } = await call<{ batchId: string }>('POST', `/batch/${first.batchId}/rerun`, {
        at,
      });
      expect(status).toBe(202);
      return settled(body.batchId);
    };
    const [original, latest] = [await again('original'), await again('latest')];
    expect(original).toMatchObject({
      status: 'COMPLETED',
      rerunOf: first.batchId,
      sourceVersion: first.sourceVersion,
    });
    expect(await rawFacts(original.batchId)).toEqual(await rawFacts(first.batchId));
    expect(latest.sourceVersion ?? 0).toBeGreaterThan(first.sourceVersion ?? 0);
    expect(latest.rowCount ?? 0).toBeGreaterThan(first.rowCount ?? 0);
  });

  it('reads an older version when it is asked to', async () => {
    const sourceVersion = (await latestVersion('stream/transactions')) - 2;
    const batch = await settled(
      await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category', sourceVersion }),
    );
    expect(batch).toMatchObject({ status: 'COMPLETED', sourceVersion });
    const [source] = await queryDelta('stream/transactions', sourceVersion, countAndHash);
    expect(await rawFacts(batch.batchId)).toEqual(source);
  });

  it('refuses a version that is not there before anything is queued', async () => {
    const { status, body } = await call<{ details: { path: string }[] }>('POST', '/batch/run', {
      ...ALL_TIME,
      analysisType: 'revenue_by_category',
      sourceVersion: 99_999_999,
    });
    expect([status, body.details.map(({ path }) => path)]).toEqual([400, ['sourceVersion']]);
  });
});
