import { Client } from 'pg';
import { ensureHistory } from './history';
import { ALL_TIME, call, endpoints, settled, submitBatch } from './stack-under-test';

jest.setTimeout(180_000);

async function query(sql: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: endpoints.postgres });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

describe('the sink jdbc', () => {
  beforeAll(ensureHistory);

  it('stores the analysis in Postgres, as Delta has it', async () => {
    const submission = { ...ALL_TIME, analysisType: 'revenue_by_category', sinks: ['jdbc'] };
    const batch = await settled(await submitBatch(submission));
    expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    const { body } = await call<{ data: Record<string, unknown>[] }>(
      'GET',
      `/batch/data/${batch.batchId}/aggregated`,
    );
    const rows = await query(
      `SELECT category, total_revenue, transaction_count::int AS transaction_count
       FROM batch_results.revenue_by_category WHERE batch_id = $1 ORDER BY total_revenue DESC, category`,
      [batch.batchId],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(
      body.data.map((row) => ({
        category: row['category'],
        total_revenue: row['total_revenue'],
        transaction_count: row['transaction_count'],
      })),
    );
  });
});
