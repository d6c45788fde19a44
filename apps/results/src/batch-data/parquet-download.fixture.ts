import { ANALYSES, STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import { ResultsFixture, transactionsSql } from '../results.fixture';

export const BATCH = 'batch-20250115-a3f8e2b1';
export const RAW = `/batch/data/${BATCH}`;
export const FILE = `${RAW}?format=parquet&columns=transaction_id,event_timestamp,total_amount`;

/** The results service with a batch of 5,000 rows in two partitions, and an analysis of one. */
export async function withDownloads(): Promise<ResultsFixture> {
  const results = await ResultsFixture.create();
  results.register(results.completed(BATCH, { rowCount: 5_000n }));
  const raw = await results.table(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS, ['category']);
  const rows = (from: number) =>
    transactionsSql(2_500, {
      transaction_id: `'t-' || lpad((range + ${from})::VARCHAR, 4, '0')`,
      event_timestamp: "TIMESTAMPTZ '2025-01-15 14:32:07.123456+00' + to_seconds(5000 - range)",
      total_amount: `CASE WHEN range % 100 = 0 THEN 'NaN'::DOUBLE ELSE range / 7 END`,
      transaction_status: `CASE WHEN range % 2 = 0 THEN 'completed' ELSE 'failed' END`,
      session_id: 'md5(range::VARCHAR) || md5((range + 1)::VARCHAR)',
    });
  await raw.commit(1, [
    await raw.data('category=books/a.parquet', rows(0), { category: 'books' }),
    await raw.data('category=toys/b.parquet', rows(2_500), { category: 'toys' }),
  ]);
  const aggregated = await results.table(
    results.paths.aggregated(BATCH),
    ANALYSES.revenue_by_category.columns,
  );
  await aggregated.commit(1, [
    await aggregated.data(
      'a.parquet',
      `SELECT 'toys' AS category, 1.5::DOUBLE AS total_revenue, 1::DOUBLE AS avg_order_value, 9007199254740993 AS transaction_count,
        9::BIGINT AS total_units_sold, NULL::DOUBLE AS avg_discount_pct, 3::BIGINT AS unique_customers`,
    ),
  ]);
  return results;
}
