import { ANALYSES, ANALYSIS_NAMES } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import type { RowObject } from 'spark-connect-js';
import { LiveAnalyses, at } from '../../testing/live-analyses';
import type { TransactionChange } from '../../testing/live-analyses';

jest.setTimeout(240_000);

let analyses: LiveAnalyses;

beforeAll(() => {
  analyses = LiveAnalyses.connect();
});

afterAll(() => analyses.close());

/** The figures of one sale: 3 books at 10, 15 % off, on 15 January 2025 at noon. */
const ONE_SALE: TransactionChange = { quantity: 3, discount_percent: 15, total_amount: 25.5 };
const NOON = at('2025-01-15T12:00:00Z');
const FIGURES_OF_ONE_SALE: Readonly<Record<AnalysisName, RowObject>> = {
  revenue_by_category: {
    category: 'books',
    total_revenue: 25.5,
    avg_order_value: 25.5,
    transaction_count: 1n,
    total_units_sold: 3n,
    avg_discount_pct: 15,
    unique_customers: 1n,
  },
  revenue_by_region: {
    region: 'west',
    city: 'Mumbai',
    total_revenue: 25.5,
    transaction_count: 1n,
    avg_order_value: 25.5,
    active_stores: 1n,
    unique_customers: 1n,
  },
  payment_analysis: {
    payment_method: 'upi',
    card_network: null,
    transaction_count: 1n,
    total_revenue: 25.5,
    avg_transaction_value: 25.5,
    unique_customers: 1n,
    revenue_share_pct: 100,
  },
  customer_segmentation: {
    customer_id: 'CUST-1',
    customer_tier: 'gold',
    lifetime_value: 25.5,
    total_transactions: 1n,
    avg_order_value: 25.5,
    last_purchase_date: NOON,
    first_purchase_date: NOON,
    category_diversity: 1n,
    mobile_orders: 0n,
    web_orders: 1n,
    instore_orders: 0n,
    segment: 'one_time',
  },
  fraud_analysis: {
    category: 'books',
    region: 'west',
    channel: 'web',
    payment_method: 'upi',
    fraud_count: 1n,
    fraud_total_amount: 25.5,
    avg_fraud_score: 0.1,
    avg_fraud_amount: 25.5,
    affected_customers: 1n,
    affected_cities: ['Mumbai'],
  },
  hourly_trends: {
    event_date: '2025-01-15',
    event_hour: 12,
    transaction_count: 1n,
    hourly_revenue: 25.5,
    avg_order_value: 25.5,
    unique_customers: 1n,
    units_sold: 3n,
  },
  channel_performance: {
    channel: 'web',
    transaction_count: 1n,
    total_revenue: 25.5,
    avg_order_value: 25.5,
    unique_customers: 1n,
    avg_discount: 15,
    fraud_count: 1n,
    avg_fraud_score: 0.1,
    fraud_rate_pct: 100,
  },
  inventory_velocity: {
    product_id: 'SKU-1',
    product_name: 'A book',
    category: 'books',
    sub_category: 'fiction',
    brand: 'Acme',
    total_units_sold: 3n,
    order_count: 1n,
    total_revenue: 25.5,
    avg_selling_price: 10,
    avg_discount: 15,
    regions_sold_in: 1n,
    stores_sold_in: 1n,
    first_sale: NOON,
    last_sale: NOON,
    days_in_range: 1,
    daily_velocity: 3,
  },
};

/** What changes where every field that an event may leave out is null. */
const NOTHING_OPTIONAL: TransactionChange = {
  customer_tier: null,
  sub_category: null,
  brand: null,
  discount_percent: null,
  store_id: null,
  fraud_score: null,
};
const WITHOUT_OPTIONAL: Readonly<Record<AnalysisName, RowObject>> = {
  revenue_by_category: { avg_discount_pct: null },
  revenue_by_region: { active_stores: 0n },
  payment_analysis: {},
  customer_segmentation: { customer_tier: null },
  fraud_analysis: { avg_fraud_score: null },
  hourly_trends: {},
  channel_performance: { avg_discount: null, avg_fraud_score: null },
  inventory_velocity: { sub_category: null, brand: null, avg_discount: null, stores_sold_in: 0n },
};

describe.each(ANALYSIS_NAMES)('%s', (name) => {
  it('has the columns and types of the catalog, in its order', async () => {
    const columns = ANALYSES[name].columns.map((column) => [column.name, column.type]);
    await expect(analyses.plan(name, []).dtypes()).resolves.toEqual(columns);
  });

  it('has no rows where there are none', async () => {
    await expect(analyses.figures(name, [])).resolves.toEqual([]);
  });

  it('gives the figures of a single sale', async () => {
    await expect(analyses.figures(name, [{ ...ONE_SALE, is_fraudulent: true }])).resolves.toEqual([
      FIGURES_OF_ONE_SALE[name],
    ]);
  });

  it('takes nulls wherever an event may have them', async () => {
    await expect(
      analyses.figures(name, [{ ...ONE_SALE, ...NOTHING_OPTIONAL, is_fraudulent: true }]),
    ).resolves.toEqual([{ ...FIGURES_OF_ONE_SALE[name], ...WITHOUT_OPTIONAL[name] }]);
  });

  it('has a value in each column that the catalog says is never null, whatever a row lacks', async () => {
    const allNull = Object.fromEntries(
      ['transaction_id', 'event_timestamp', 'event_date', 'customer_id', 'customer_tier', 'product_id']
        .concat(['product_name', 'category', 'sub_category', 'brand', 'quantity', 'unit_price'])
        .concat(['discount_percent', 'total_amount', 'payment_method', 'card_network', 'channel'])
        .concat(['store_id', 'region', 'city', 'fraud_score'])
        .map((column) => [column, null]),
    );
    const [row, ...more] = await analyses.figures(name, [{ ...allNull, is_fraudulent: true }]);
    expect(more).toEqual([]);
    const required = ANALYSES[name].columns.filter((column) => !column.nullable);
    expect(required.filter((column) => (row?.[column.name] ?? null) === null)).toEqual([]);
  });

  it('sums amounts beyond the range of a double without failing', async () => {
    const amounts = [1.7e308, 1.7e308, -1.7e308];
    const rows = amounts.map((total_amount) => ({ total_amount, is_fraudulent: true }));
    await expect(analyses.figures(name, rows)).resolves.toHaveLength(1);
  });
});

it.each(ANALYSIS_NAMES.filter((name) => name !== 'fraud_analysis'))(
  '%s looks at completed transactions only',
  async (name) => {
    const others = ['pending', 'failed', 'refunded', 'chargeback'].map((status) => ({
      ...ONE_SALE,
      transaction_status: status,
      is_fraudulent: true,
    }));
    await expect(analyses.figures(name, others)).resolves.toEqual([]);
    await expect(analyses.figures(name, [...others, { ...ONE_SALE, is_fraudulent: true }])).resolves.toEqual([
      FIGURES_OF_ONE_SALE[name],
    ]);
  },
);
