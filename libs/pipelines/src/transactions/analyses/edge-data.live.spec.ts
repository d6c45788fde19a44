import type { AnalysisName } from '@millrace/domain';
import { LiveAnalyses, at } from '../../testing/live-analyses';
import type { TransactionChange } from '../../testing/live-analyses';

jest.setTimeout(240_000);

let analyses: LiveAnalyses;

beforeAll(() => {
  analyses = LiveAnalyses.connect();
});

afterAll(() => analyses.close());

describe('payment_analysis', () => {
  const share = (amounts: readonly number[]) =>
    analyses.cells(
      'payment_analysis',
      ['card_network', 'revenue_share_pct'],
      amounts.map((total_amount, index) => ({
        payment_method: 'credit_card',
        card_network: `network ${String(index)}`,
        total_amount,
      })),
    );

  it('rounds shares to two digits, a half up', async () => {
    await expect(share([1, 2])).resolves.toEqual([
      ['network 0', 33.33],
      ['network 1', 66.67],
    ]);
    await expect(share([1.25, 998.75])).resolves.toEqual([
      ['network 0', 0.13],
      ['network 1', 99.88],
    ]);
  });

  it('has no shares of a grand total of zero', async () => {
    await expect(share([10, -10])).resolves.toEqual([
      ['network 0', null],
      ['network 1', null],
    ]);
    await expect(share([0, 0])).resolves.toEqual([
      ['network 0', null],
      ['network 1', null],
    ]);
  });
});

describe('customer_segmentation', () => {
  it.each<[string, readonly number[]]>([
    ['vip', [10_000]],
    ['high_value', [9_999.99]],
    ['high_value', [5_000]],
    ['mid_value', [4_999.99]],
    ['mid_value', [1_000]],
    ['one_time', [999.99]],
    ['low_value', [999.98, 0.01]],
    ['one_time', [-5]],
  ])('calls a customer %s who spent %p', async (segment, amounts) => {
    const rows = amounts.map((total_amount) => ({ total_amount }));
    await expect(analyses.cells('customer_segmentation', ['segment'], rows)).resolves.toEqual([[segment]]);
  });

  it('counts the orders of each channel, and the categories', async () => {
    const channels = ['mobile_app', 'mobile_app', 'web', 'pos_in_store', 'marketplace', 'call_center'];
    const rows = channels.map((channel) => ({ channel, category: channel === 'web' ? 'toys' : 'books' }));
    await expect(
      analyses.cells('customer_segmentation', ['total_transactions', 'mobile_orders', 'web_orders'], rows),
    ).resolves.toEqual([[6n, 2n, 1n]]);
    await expect(
      analyses.cells('customer_segmentation', ['instore_orders', 'category_diversity'], rows),
    ).resolves.toEqual([[1n, 2n]]);
  });
});

describe('fraud_analysis', () => {
  it.each<[string, TransactionChange, boolean]>([
    ['scored exactly 0.7', { is_fraudulent: false, fraud_score: 0.7 }, false],
    ['scored just above 0.7', { is_fraudulent: false, fraud_score: 0.7000000000000001 }, true],
    ['scored 0.71 and not yet judged', { is_fraudulent: null, fraud_score: 0.71 }, true],
    ['known and not scored', { is_fraudulent: true, fraud_score: null }, true],
    ['known and scored low', { is_fraudulent: true, fraud_score: 0 }, true],
    ['not judged and not scored', { is_fraudulent: null, fraud_score: null }, false],
    ['known, of a payment that failed', { is_fraudulent: true, transaction_status: 'failed' }, true],
  ])('of a transaction %s', async (_what, row, isCounted) => {
    await expect(analyses.figures('fraud_analysis', [row])).resolves.toHaveLength(isCounted ? 1 : 0);
  });

  it('names each city once, in order, and counts customers once', async () => {
    const cities = ['Pune', 'Goa', 'Pune', 'Mumbai', null];
    const rows = cities.map((city) => ({ city, is_fraudulent: true }));
    await expect(
      analyses.cells('fraud_analysis', ['fraud_count', 'affected_customers', 'affected_cities'], rows),
    ).resolves.toEqual([[5n, 1n, ['Goa', 'Mumbai', 'Pune']]]);
  });
});

describe('hourly_trends', () => {
  it('puts each instant into its hour of its day in UTC, in the order of time', async () => {
    const times = [
      '2025-01-16T00:00:00.000Z',
      '2025-01-15T23:59:59.999Z',
      '2025-01-15T23:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
    ];
    const rows = times.map((time) => ({ event_timestamp: at(time) }));
    await expect(
      analyses.cells('hourly_trends', ['event_date', 'event_hour', 'transaction_count'], rows),
    ).resolves.toEqual([
      ['1969-12-31', 23, 1n],
      ['2025-01-15', 23, 2n],
      ['2025-01-16', 0, 1n],
    ]);
  });
});

describe('channel_performance', () => {
  it('gives the share of known fraud to four digits; what is not judged is none', async () => {
    const rows = [true, false, null].map((is_fraudulent) => ({ is_fraudulent, fraud_score: 0.9 }));
    await expect(
      analyses.cells('channel_performance', ['transaction_count', 'fraud_count', 'fraud_rate_pct'], rows),
    ).resolves.toEqual([[3n, 1n, 33.3333]]);
  });
});

describe('inventory_velocity', () => {
  it('counts calendar days, both included', async () => {
    const spans: readonly [string, string, number][] = [
      ['2025-01-15T00:00:00.000Z', '2025-01-15T23:59:59.999Z', 1],
      ['2025-01-15T23:59:59.999Z', '2025-01-16T00:00:00.000Z', 2],
      ['2024-02-28T12:00:00.000Z', '2024-03-01T00:00:00.000Z', 3],
    ];
    const rows = spans.flatMap(([first, last], index) =>
      [last, first].map((time) => ({ product_id: `SKU-${String(index)}`, event_timestamp: at(time) })),
    );
    await expect(
      analyses.cells(
        'inventory_velocity',
        ['product_id', 'first_sale', 'last_sale', 'days_in_range', 'daily_velocity'],
        rows,
      ),
    ).resolves.toEqual(
      spans.map(([first, last, days], index) => [
        `SKU-${String(index)}`,
        at(first),
        at(last),
        days,
        Math.round(200 / days) / 100,
      ]),
    );
  });

  it('keeps the names of one product id apart', async () => {
    const rows = ['New name', 'Old name', 'Old name'].map((product_name) => ({ product_name }));
    await expect(
      analyses.cells('inventory_velocity', ['product_name', 'order_count'], rows),
    ).resolves.toEqual([
      ['Old name', 2n],
      ['New name', 1n],
    ]);
  });
});

it.each<[AnalysisName, string]>([
  ['revenue_by_category', 'total_units_sold'],
  ['hourly_trends', 'units_sold'],
  ['inventory_velocity', 'total_units_sold'],
])('%s sums quantities beyond the range of an INT', async (name, column) => {
  const rows = [2_147_483_647, 2_147_483_647].map((quantity) => ({ quantity }));
  await expect(analyses.cells(name, [column], rows)).resolves.toEqual([[4_294_967_294n]]);
});
