import { ANALYSIS_NAMES } from '@millrace/domain';
import { expectCatalogOrder, expectSameFigures } from './compare-figures';
import { queryDelta } from './delta-rows';
import { EXPECTED_FIGURES } from './expected-figures';
import { ensureHistory } from './history';
import { ALL_TIME, call, endpoints, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, rawBatchId } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(240_000);

interface AggregatedBody {
  readonly data: readonly Record<string, unknown>[];
  readonly page: { readonly returned: number; readonly hasMore: boolean };
}

describe('a batch over seeded and streamed events', () => {
  beforeAll(async () => {
    await ensureHistory();
    await ensureStreaming();
    const before = await rawBatchId();
    await produce(500, 7);
    await waitUntil('a micro-batch with the events', async () =>
      (await rawBatchId()) > before ? true : undefined,
    );
  });

  it.each(ANALYSIS_NAMES)(
    'gives the figures of %s that an independent computation over the same version gives, in every cell',
    async (analysisType) => {
      const batch = await settled(await submitBatch({ ...ALL_TIME, analysisType }));
      expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null });
      const { body } = await call<AggregatedBody>(
        'GET',
        `/batch/data/${batch.batchId}/aggregated?limit=10000`,
      );
      const expected = await queryDelta(
        'stream/transactions',
        batch.sourceVersion ?? -1,
        EXPECTED_FIGURES[analysisType].sql,
      );
      expect(expected.length).toBeGreaterThanOrEqual(5);
      expectSameFigures(analysisType, body.data, expected);
      expectCatalogOrder(analysisType, body.data);
    },
  );

  it('counts the rows that it stored', async () => {
    const batch = await settled(await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' }));
    const [source] = await queryDelta(
      'stream/transactions',
      batch.sourceVersion ?? -1,
      (rows) => `SELECT count(*) AS rows FROM ${rows}`,
    );
    const [stored] = await queryDelta(
      `batches/${batch.batchId}/raw`,
      0,
      (rows) =>
        `SELECT count(*) AS rows, count(DISTINCT transaction_id) AS ids, min(batch_id) AS batch_id FROM ${rows}`,
    );
    expect(stored).toEqual({ rows: source?.['rows'], ids: source?.['rows'], batch_id: batch.batchId });
    expect(BigInt(batch.rowCount ?? -1)).toBe(source?.['rows']);
  });

  it('selects by filters and an inclusive range of days', async () => {
    const filters = { category: 'electronics', region: 'west' };
    const batch = await settled(
      await submitBatch({ ...ALL_TIME, analysisType: 'customer_segmentation', filters }),
    );
    const [expected] = await queryDelta(
      'stream/transactions',
      batch.sourceVersion ?? -1,
      (rows) => `SELECT count(*) AS rows FROM ${rows} WHERE category = 'electronics' AND region = 'west'`,
    );
    expect(BigInt(batch.rowCount ?? -1)).toBe(expected?.['rows']);
    expect(batch.filters).toEqual(filters);
  });

  it('completes with zero rows where there is nothing', async () => {
    const batch = await settled(
      await submitBatch({
        startDate: '1999-01-01',
        endDate: '1999-01-02',
        analysisType: 'revenue_by_category',
      }),
    );
    expect(batch).toMatchObject({ status: 'COMPLETED', rowCount: 0 });
    const { status, body } = await call<AggregatedBody>('GET', `/batch/data/${batch.batchId}/aggregated`);
    expect([status, body.data]).toEqual([200, []]);
  });

  it('pages raw rows in their order without a gap or a repeat', async () => {
    const batch = await settled(await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' }));
    const ids: unknown[] = [];
    for (let hasMore = true; hasMore;) {
      const path = `/batch/data/${batch.batchId}?limit=999&offset=${ids.length}`;
      const { body, headers } = await call<AggregatedBody>('GET', path);
      expect(headers.get('x-total-count')).toBe(String(batch.rowCount));
      ids.push(...body.data.map((row) => row['transaction_id']));
      hasMore = body.page.hasMore;
    }
    const stored = await queryDelta(
      `batches/${batch.batchId}/raw`,
      0,
      (rows) => `SELECT transaction_id FROM ${rows} ORDER BY event_timestamp, transaction_id`,
    );
    // So many that the pages are found by what the files tell, not by sorting them.
    expect(stored.length).toBeGreaterThan(20_000);
    expect(ids).toEqual(stored.map((row) => row['transaction_id']));
    const url = `${endpoints.gateway}/batch/data/${batch.batchId}?format=ndjson&columns=transaction_id`;
    const lines = (await (await fetch(url)).text()).split('\n').slice(0, -1);
    expect(lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['transaction_id'])).toEqual(ids);
  });
});
