import { ANALYSIS_NAMES } from '@millrace/domain';
import type { AnalysisName, ComparisonBody } from '@millrace/domain';
import { ensureHistory } from './history';
import { ALL_TIME, call, settled, submitBatch } from './stack-under-test';

jest.setTimeout(300_000);

/** Groups of each analysis that are looked behind. */
const GROUPS = 12;

/** The columns that a row of an analysis is found by, and the one that counts the rows behind it. */
const GROUPED: Readonly<Record<AnalysisName, { readonly keys: readonly string[]; readonly count: string }>> =
  {
    revenue_by_category: { keys: ['category'], count: 'transaction_count' },
    revenue_by_region: { keys: ['region', 'city'], count: 'transaction_count' },
    payment_analysis: { keys: ['payment_method', 'card_network'], count: 'transaction_count' },
    customer_segmentation: { keys: ['customer_id', 'customer_tier'], count: 'total_transactions' },
    fraud_analysis: { keys: ['category', 'region', 'channel', 'payment_method'], count: 'fraud_count' },
    hourly_trends: { keys: ['event_date', 'event_hour'], count: 'transaction_count' },
    channel_performance: { keys: ['channel'], count: 'transaction_count' },
    inventory_velocity: {
      keys: ['product_id', 'product_name', 'category', 'sub_category', 'brand'],
      count: 'order_count',
    },
  };

interface Rows {
  readonly page: { readonly total: number };
  readonly data: readonly Row[];
}

type Row = Readonly<Record<string, string | number | null>>;

let batchId: string;

beforeAll(async () => {
  await ensureHistory();
  batchId = await submitBatch({ ...ALL_TIME, analysisType: 'full_report' });
  expect(await settled(batchId, 240_000)).toMatchObject({ status: 'COMPLETED' });
});

const get = async <Body>(path: string) => {
  const { status, body } = await call<Body>('GET', `/batch/data/${batchId}${path}`);
  expect(status).toBe(200);
  return body;
};

function filtersOf(row: Row, keys: readonly string[]): string {
  return keys
    .map((key) => {
      const value = row[key];
      return value === null ? `${key}:null` : `${key}:eq:${String(value)}`;
    })
    .map((filter) => `&filter=${encodeURIComponent(filter)}`)
    .join('');
}

it.each(ANALYSIS_NAMES)('behind each row of %s are as many rows as it counts', async (name) => {
  const { keys, count } = GROUPED[name];
  const { data } = await get<Rows>(`/aggregated?analysis=${name}&limit=${GROUPS}`);
  expect(data.length).toBeGreaterThan(0);
  for (const row of data) {
    const behind = await get<Rows>(`/aggregated/rows?analysis=${name}&limit=1${filtersOf(row, keys)}`);
    expect([row, behind.page.total]).toEqual([row, row[count]]);
  }
});

it('all rows that an analysis counted are the sum of its groups', async () => {
  for (const name of ['revenue_by_category', 'fraud_analysis'] as const) {
    const { data } = await get<Rows>(`/aggregated?analysis=${name}&limit=10000`);
    const counted = data.reduce((sum, row) => sum + Number(row[GROUPED[name].count]), 0);
    const { page } = await get<Rows>(`/aggregated/rows?analysis=${name}&limit=0`);
    expect(page.total).toBe(counted);
  }
});

it('a batch over the same rows is the same, group by group', async () => {
  const again = await settled(await submitBatch({ ...ALL_TIME, analysisType: 'payment_analysis' }));
  const { status, body } = await call<ComparisonBody>(
    'GET',
    `/batch/data/${again.batchId}/aggregated/comparison?base=${batchId}`,
  );
  expect(status).toBe(200);
  expect(body.changes.vanished).toBe(0);
  expect(body.data.length).toBeGreaterThan(0);
});
