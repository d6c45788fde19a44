import { ANALYSES, ANALYSIS_NAMES, ANALYSIS_QUEUE, analysisJobId } from '@millrace/domain';
import { Redis } from 'ioredis';
import { queryDelta } from './delta-rows';
import { ensureHistory } from './history';
import { ALL_TIME, batchStatus, call, endpoints, settled, submitBatch } from './stack-under-test';

jest.setTimeout(300_000);

interface Table {
  readonly page: { readonly returned: number };
  readonly data: readonly Record<string, unknown>[];
}

describe('a full report', () => {
  let batchId: string;

  beforeAll(async () => {
    await ensureHistory();
    batchId = await submitBatch({ ...ALL_TIME, analysisType: 'full_report' });
  });

  it('completes with its eight members', async () => {
    const batch = await settled(batchId, 240_000);
    expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    expect(batch.members?.map(({ analysisType, status }) => [analysisType, status])).toEqual(
      ANALYSIS_NAMES.map((name) => [name, 'COMPLETED']),
    );
  });

  it('stores each row of the source once', async () => {
    const [row] = await queryDelta(
      `batches/${batchId}/raw`,
      undefined,
      (rows) => `SELECT count(*) AS rows, count(DISTINCT transaction_id) AS ids FROM ${rows}`,
    );
    expect(row?.['rows']).toBe(row?.['ids']);
  });

  it('is read together and analysis by analysis, with the same rows', async () => {
    const { body: together } = await call<{ analyses: Record<string, Table> }>(
      'GET',
      `/batch/data/${batchId}/aggregated?limit=25`,
    );
    expect(Object.keys(together.analyses).sort()).toEqual([...ANALYSIS_NAMES].sort());
    for (const name of ANALYSIS_NAMES) {
      const { body } = await call<Table & { analysisType: string }>(
        'GET',
        `/batch/data/${batchId}/aggregated?analysis=${name}&limit=25`,
      );
      expect(body.analysisType).toBe(name);
      expect(body.data).toEqual(together.analyses[name]?.data);
      expect(body.data.length).toBeGreaterThan(0);
      expect(Object.keys(body.data[0] ?? {})).toEqual(ANALYSES[name].columns.map((column) => column.name));
    }
  });

  it('gives each analysis what a batch of its own gives', async () => {
    const single = await settled(await submitBatch({ ...ALL_TIME, analysisType: 'inventory_velocity' }));
    const path = (id: string) => `/batch/data/${id}/aggregated?analysis=inventory_velocity&limit=50`;
    const [mine, its] = await Promise.all([
      call<Table>('GET', path(single.batchId)),
      call<Table>('GET', path(batchId)),
    ]);
    expect(its.body.data.map((row) => row['product_id'])).toEqual(
      mine.body.data.map((row) => row['product_id']),
    );
  });

  it('shows a job for each analysis in the queue pages', async () => {
    const { attempt } = await batchStatus(batchId);
    const redis = new Redis(endpoints.redis);
    try {
      for (const name of ANALYSIS_NAMES) {
        const id = analysisJobId({ batchId, attempt }, name);
        expect(await redis.exists(`bull:${ANALYSIS_QUEUE}:${id}`)).toBe(1);
      }
    } finally {
      redis.disconnect();
    }
  });
});
