import { expectCatalogOrder, expectSameFigures } from './compare-figures';

const row = (channel: string, total_revenue: number | null, fraud_rate_pct: number | null = 33.3333) => ({
  channel,
  transaction_count: 3,
  total_revenue,
  avg_order_value: 1,
  unique_customers: 2,
  avg_discount: null,
  fraud_count: 1,
  avg_fraud_score: 0.5,
  fraud_rate_pct,
});
const expected = { ...row('web', 3, 100 / 3), transaction_count: 3n, unique_customers: 2n, fraud_count: 1n };
const compare = (actual: Record<string, unknown>) => () => {
  expectSameFigures('channel_performance', [actual], [expected]);
};

describe('comparing figures with expected ones', () => {
  it('takes whole numbers of both engines, sums of another order and rounded figures as the same', () => {
    expect(compare(row('web', 3))).not.toThrow();
    expect(compare(row('web', 3 + 1e-15))).not.toThrow();
  });

  it.each([
    ['another sum', row('web', 3.000001)],
    ['no sum', row('web', null)],
    ['another count', { ...row('web', 3), transaction_count: 4 }],
    ['another group', row('mobile_app', 3)],
    ['a figure that is rounded wrongly', row('web', 3, 33.3334)],
    ['a figure that is not rounded', row('web', 3, 33.33331)],
    ['a value where there is none', { ...row('web', 3), avg_discount: 0 }],
    ['columns in another order', Object.fromEntries(Object.entries(row('web', 3)).reverse())],
  ])('finds %s', (_what, actual) => {
    expect(compare(actual)).toThrow();
  });

  it('finds rows that are missing, too many or double', () => {
    const web = row('web', 3);
    for (const actual of [[], [web, web], [web, row('pos_in_store', 1)]]) {
      expect(() => {
        expectSameFigures('channel_performance', actual, [expected]);
      }).toThrow();
    }
  });
});

describe('the order of rows', () => {
  const inOrder = (rows: readonly Record<string, unknown>[]) => () => {
    expectCatalogOrder('channel_performance', rows);
  };

  it('is by figure, then by key, nulls last', () => {
    expect(inOrder([row('web', 5), row('mobile_app', 3), row('web', 3), row('cod', null)])).not.toThrow();
  });

  it.each([
    ['a larger figure later', [row('a', 3), row('b', 5)]],
    ['equal figures with keys the wrong way round', [row('b', 3), row('a', 3)]],
    ['a null before a figure', [row('a', null), row('b', 5)]],
    ['two rows that nothing tells apart', [row('a', 3), row('a', 3)]],
  ])('finds %s', (_what, rows) => {
    expect(inOrder(rows)).toThrow();
  });
});
