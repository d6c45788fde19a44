import { toSparkDdl } from '../column';
import { STORED_TRANSACTION_COLUMNS, TRANSACTION_COLUMNS, transactionEventSchema } from './transaction-event';

/** The sample of the specification, section 4.4. */
const sample = {
  transaction_id: 'a3f8e2b1-7c44-4d12-9e56-1a2b3c4d5e6f',
  event_timestamp: '2025-01-15T14:32:07.123Z',
  processing_timestamp: null,
  customer_id: 'CUST-00042871',
  customer_tier: 'gold',
  product_id: 'SKU-ELC-00912',
  product_name: 'Sony WH-1000XM5 Headphones',
  category: 'electronics',
  sub_category: 'audio_headphones',
  brand: 'Sony',
  quantity: 2,
  unit_price: 349.99,
  discount_percent: 15.0,
  total_amount: 594.98,
  tax_amount: 53.55,
  currency: 'USD',
  payment_method: 'credit_card',
  card_network: 'visa',
  transaction_status: 'completed',
  channel: 'mobile_app',
  store_id: null,
  region: 'west',
  city: 'Mumbai',
  state: 'MH',
  postal_code: '400001',
  device_type: 'android',
  session_id: 'sess-8a7b6c5d4e3f',
  ip_address: '192.168.xxx.xxx',
  is_fraudulent: false,
  fraud_score: 0.03,
  batch_id: null,
};

const accepts = (change: Record<string, unknown>) =>
  transactionEventSchema.safeParse({ ...sample, ...change }).success;

describe('transaction event', () => {
  it('has the 31 fields of the contract, in its order', () => {
    expect(TRANSACTION_COLUMNS.map(({ name }) => name)).toEqual(Object.keys(sample));
    expect(TRANSACTION_COLUMNS).toHaveLength(31);
  });

  it('round-trips the sample of the specification', () => {
    expect(transactionEventSchema.strict().parse(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
  });

  it('requires what may not be null', () => {
    const required = TRANSACTION_COLUMNS.filter(({ nullable }) => !nullable).map(({ name }) => name);
    expect(required).toEqual([
      'transaction_id',
      'event_timestamp',
      'customer_id',
      'product_id',
      'product_name',
      'category',
      'quantity',
      'unit_price',
      'total_amount',
      'currency',
      'payment_method',
      'transaction_status',
      'channel',
      'region',
      'city',
    ]);
    for (const name of required) expect(accepts({ [name]: null })).toBe(false);
  });

  it.each([
    ['category', 'weapons'],
    ['region', 'overseas'],
    ['payment_method', 'barter'],
    ['transaction_status', 'lost'],
    ['channel', 'fax'],
    ['customer_tier', 'tin'],
    ['card_network', 'diners'],
    ['device_type', 'toaster'],
    ['quantity', 0],
    ['quantity', 1.5],
    ['discount_percent', 101],
    ['fraud_score', 1.1],
    ['currency', 'dollars'],
    ['transaction_id', 'x'],
    ['event_timestamp', '15 January'],
  ])('refuses %s %p', (field, value) => {
    expect(accepts({ [field]: value })).toBe(false);
  });

  it('gives Spark its schema', () => {
    expect(toSparkDdl(TRANSACTION_COLUMNS)).toMatch(
      /^transaction_id STRING NOT NULL, event_timestamp TIMESTAMP NOT NULL, processing_timestamp TIMESTAMP, /,
    );
    expect(toSparkDdl(STORED_TRANSACTION_COLUMNS)).toMatch(/, batch_id STRING, event_date DATE$/);
  });
});
