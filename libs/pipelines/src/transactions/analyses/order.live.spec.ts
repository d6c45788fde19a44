import type { AnalysisName } from '@millrace/domain';
import { LiveAnalyses, at } from '../../testing/live-analyses';
import type { TransactionChange } from '../../testing/live-analyses';

jest.setTimeout(240_000);

let analyses: LiveAnalyses;

beforeAll(() => {
  analyses = LiveAnalyses.connect();
});

afterAll(() => analyses.close());

describe('groups with equal figures', () => {
  /** Group keys of each analysis, with groups that its order must bring in this sequence: nulls last. */
  const TIES: readonly [AnalysisName, readonly TransactionChange[]][] = [
    ['revenue_by_category', [{ category: 'beauty' }, { category: 'books' }, { category: null }]],
    [
      'revenue_by_region',
      [
        { region: 'east', city: 'Kolkata' },
        { region: 'east', city: 'Patna' },
        { region: 'west', city: 'Goa' },
      ],
    ],
    [
      'payment_analysis',
      [
        { payment_method: 'cod', card_network: null },
        { payment_method: 'credit_card', card_network: 'amex' },
        { payment_method: 'credit_card', card_network: 'visa' },
        { payment_method: 'credit_card', card_network: null },
      ],
    ],
    [
      'customer_segmentation',
      [
        { customer_id: 'CUST-1', customer_tier: 'gold' },
        { customer_id: 'CUST-1', customer_tier: 'silver' },
        { customer_id: 'CUST-1', customer_tier: null },
        { customer_id: 'CUST-2', customer_tier: 'bronze' },
      ],
    ],
    [
      'fraud_analysis',
      [
        { category: 'books', region: 'east', channel: 'web', payment_method: 'upi' },
        { category: 'books', region: 'west', channel: 'call_center', payment_method: 'upi' },
        { category: 'books', region: 'west', channel: 'web', payment_method: 'cod' },
        { category: 'books', region: 'west', channel: 'web', payment_method: 'upi' },
        { category: 'toys', region: 'east', channel: 'web', payment_method: 'cod' },
      ],
    ],
    ['channel_performance', [{ channel: 'call_center' }, { channel: 'marketplace' }, { channel: 'web' }]],
    [
      'inventory_velocity',
      [
        { product_id: 'SKU-1', product_name: 'A', category: 'books', sub_category: 'x', brand: 'a' },
        { product_id: 'SKU-1', product_name: 'A', category: 'books', sub_category: 'x', brand: null },
        { product_id: 'SKU-1', product_name: 'A', category: 'books', sub_category: 'y', brand: 'a' },
        { product_id: 'SKU-1', product_name: 'A', category: 'toys', sub_category: 'x', brand: 'a' },
        { product_id: 'SKU-1', product_name: 'B', category: 'books', sub_category: 'x', brand: 'a' },
        { product_id: 'SKU-2', product_name: 'A', category: 'books', sub_category: 'x', brand: 'a' },
      ],
    ],
  ];

  it.each(TIES)('of %s come in the order of their keys, nulls last', async (name, groups) => {
    const rows = groups.toReversed().map((group) => ({ ...group, is_fraudulent: true }));
    const keys = Object.keys(groups[0] ?? {});
    await expect(analyses.cells(name, keys, rows)).resolves.toEqual(
      groups.map((group) => Object.values(group)),
    );
  });
});

describe('figures decide the order before the keys', () => {
  const amounts = (column: string, values: readonly [string, number][]) =>
    values.map(([value, total_amount]) => ({ [column]: value, total_amount }));

  it.each<[AnalysisName, string, string]>([
    ['revenue_by_category', 'category', 'total_revenue'],
    ['revenue_by_region', 'city', 'total_revenue'],
    ['customer_segmentation', 'customer_id', 'lifetime_value'],
    ['channel_performance', 'channel', 'total_revenue'],
  ])('%s: the largest amount first, negative ones last', async (name, key, figure) => {
    const rows = amounts(key, [
      ['a', 1],
      ['b', -5],
      ['c', 3],
      ['c', 0.5],
    ]);
    await expect(analyses.cells(name, [key, figure], rows)).resolves.toEqual([
      ['c', 3.5],
      ['a', 1],
      ['b', -5],
    ]);
  });

  it('payment_analysis: the most transactions first, whatever they are worth', async () => {
    const rows = amounts('payment_method', [
      ['cod', 1_000],
      ['upi', 1],
      ['upi', 1],
    ]);
    await expect(
      analyses.cells('payment_analysis', ['payment_method', 'transaction_count'], rows),
    ).resolves.toEqual([
      ['upi', 2n],
      ['cod', 1n],
    ]);
  });

  it('inventory_velocity: the fastest product first', async () => {
    const rows = [
      { product_id: 'a', quantity: 1 },
      { product_id: 'b', quantity: 9, event_timestamp: at('2025-01-01T00:00:00Z') },
      { product_id: 'b', quantity: 1, event_timestamp: at('2025-01-20T00:00:00Z') },
      { product_id: 'c', quantity: 2 },
    ];
    await expect(
      analyses.cells('inventory_velocity', ['product_id', 'daily_velocity'], rows),
    ).resolves.toEqual([
      ['c', 2],
      ['a', 1],
      ['b', 0.5],
    ]);
  });
});
