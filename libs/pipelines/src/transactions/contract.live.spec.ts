import { NOT_AN_OBJECT, TRANSACTION_CONTRACT, violationOf, wrongType } from '@millrace/domain';
import type { TransactionField } from '@millrace/domain';
import { SAMPLE_TRANSACTION_EVENT } from '@millrace/testing';
import { BinaryType, StructField, StructType } from 'spark-connect-js';
import type { SparkSession } from 'spark-connect-js';
import { REJECT_REASON } from '../examined-event';
import { useSpark } from '../testing/use-spark';
import { examineTransactionEvents } from './parse-events';

jest.setTimeout(120_000);

let spark: SparkSession;

useSpark((session) => (spark = session));

const changed = (change: Readonly<Partial<Record<TransactionField, unknown>>>): string =>
  JSON.stringify({ ...SAMPLE_TRANSACTION_EVENT, ...change });

/** The reasons of these values, in their order. */
async function reasonsOf(values: readonly (string | Buffer | null)[]): Promise<unknown[]> {
  const schema = new StructType([new StructField('value', BinaryType)]);
  const rows = values.map((value) => [typeof value === 'string' ? Buffer.from(value) : value]);
  const messages = spark.createDataFrame(rows, schema).coalesce(1);
  const examined = examineTransactionEvents(messages, []);
  return (await examined.select(REJECT_REASON).collect()).map((row) => row[REJECT_REASON]);
}

const violation = (field: TransactionField, kind: string): string => {
  const rule = TRANSACTION_CONTRACT.find((each) => each.field === field && each.kind === kind);
  if (rule === undefined) throw new Error(`The contract has no rule ${kind} of ${field}`);
  return violationOf(rule);
};

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

const ACCEPTED: readonly (readonly [string, string])[] = [
  ['the sample of the specification', changed({})],
  ['only the required fields', JSON.stringify(withoutOptional())],
  ['space around it', `\n${changed({})} \r\n`],
  ['an unknown field besides', JSON.stringify({ ...SAMPLE_TRANSACTION_EVENT, loyalty_points: 7 })],
  ['a time with an offset', changed({ event_timestamp: '2025-01-15T20:02:07.123456+05:30' })],
  ['a clock a little ahead', changed({ event_timestamp: inSeconds(200) })],
  ['an amount rounded to the cent', changed({ quantity: 3, unit_price: 0.333, total_amount: 0.85 })],
  ['both bounds of a discount', changed({ discount_percent: 100, total_amount: 0 })],
  [
    'a sale by card in a store',
    changed({ channel: 'pos_in_store', device_type: null, store_id: 'STORE-MUM-042' }),
  ],
];

function withoutOptional(): Record<string, unknown> {
  const needed = new Set(
    TRANSACTION_CONTRACT.filter(({ kind }) => kind === 'required').map(({ field }) => field),
  );
  const event = Object.fromEntries(
    Object.entries(SAMPLE_TRANSACTION_EVENT).filter(([name]) => needed.has(name)),
  );
  return { ...event, total_amount: 699.98 };
}

const REFUSED: readonly (readonly [string | Buffer | null, string])[] = [
  [null, NOT_AN_OBJECT],
  ['', NOT_AN_OBJECT],
  ['not JSON', NOT_AN_OBJECT],
  [changed({}).slice(0, -20), NOT_AN_OBJECT],
  ['[1, 2]', NOT_AN_OBJECT],
  ['"text"', NOT_AN_OBJECT],
  [Buffer.from([0xff, 0xfe, 0x00, 0x80]), NOT_AN_OBJECT],
  [`${changed({})}\n${changed({})}`, NOT_AN_OBJECT],
  [`${changed({ quantity: 'two' })}${changed({})}`, NOT_AN_OBJECT],
  [`${changed({})}}} garbage`, NOT_AN_OBJECT],
  [` ${changed({})}}} garbage`, NOT_AN_OBJECT],
  [`${changed({})}\0`, NOT_AN_OBJECT],
  [Buffer.from(changed({ city: 'Orléans' }), 'latin1'), NOT_AN_OBJECT],
  ['{}', violation('transaction_id', 'required')],
  ['null', NOT_AN_OBJECT],
  ...TRANSACTION_CONTRACT.filter(({ kind }) => kind === 'required').map(
    (rule) => [changed({ [rule.field]: null }), violationOf(rule)] as const,
  ),
  [changed({ quantity: 'two' }), wrongType('quantity', 'int')],
  [changed({ quantity: 1.5 }), wrongType('quantity', 'int')],
  [changed({ quantity: 3_000_000_000 }), wrongType('quantity', 'int')],
  [changed({ fraud_score: 'high' }), wrongType('fraud_score', 'double')],
  [changed({ is_fraudulent: 'yes' }), wrongType('is_fraudulent', 'boolean')],
  [changed({ event_timestamp: 'yesterday' }), wrongType('event_timestamp', 'timestamp')],
  [changed({ transaction_id: 'a3f8e2b1' }), violation('transaction_id', 'pattern')],
  [
    changed({ transaction_id: 'a3f8e2b1-7c44-1d12-9e56-1a2b3c4d5e6f' }),
    violation('transaction_id', 'pattern'),
  ],
  [
    changed({ transaction_id: 'a3f8e2b1-7c44-4d12-9e56-1a2b3c4d5e6f\n' }),
    violation('transaction_id', 'pattern'),
  ],
  [changed({ event_timestamp: inSeconds(400) }), violation('event_timestamp', 'not_ahead')],
  [changed({ customer_id: '' }), violation('customer_id', 'not_empty')],
  [changed({ product_id: '' }), violation('product_id', 'not_empty')],
  [changed({ product_name: '' }), violation('product_name', 'not_empty')],
  [changed({ city: '' }), violation('city', 'not_empty')],
  [changed({ customer_tier: 'diamond' }), violation('customer_tier', 'one_of')],
  [changed({ category: 'Electronics' }), violation('category', 'one_of')],
  [changed({ quantity: 0 }), violation('quantity', 'range')],
  [changed({ unit_price: 'NaN', total_amount: 'NaN' }), violation('unit_price', 'range')],
  [changed({ discount_percent: -1 }), violation('discount_percent', 'range')],
  [changed({ discount_percent: 100.5 }), violation('discount_percent', 'range')],
  [changed({ total_amount: 594.9 }), violation('total_amount', 'discounted_product')],
  [changed({ tax_amount: 'Infinity' }), violation('tax_amount', 'range')],
  [changed({ currency: 'usd' }), violation('currency', 'pattern')],
  [changed({ payment_method: 'cheque' }), violation('payment_method', 'one_of')],
  [changed({ card_network: 'diners' }), violation('card_network', 'one_of')],
  [changed({ payment_method: 'upi' }), violation('card_network', 'null_unless')],
  [changed({ transaction_status: 'done' }), violation('transaction_status', 'one_of')],
  [changed({ channel: 'fax' }), violation('channel', 'one_of')],
  [changed({ channel: 'marketplace', store_id: 'STORE-1' }), violation('store_id', 'null_where')],
  [changed({ region: 'centre' }), violation('region', 'one_of')],
  [changed({ device_type: 'watch' }), violation('device_type', 'one_of')],
  [changed({ channel: 'pos_in_store' }), violation('device_type', 'null_where')],
  [changed({ ip_address: '192.168.10.1' }), violation('ip_address', 'pattern')],
  [changed({ fraud_score: 1.01 }), violation('fraud_score', 'range')],
  [changed({ batch_id: 'batch-1' }), violation('batch_id', 'always_null')],
];

describe('the contract of transactions in Spark', () => {
  it('accepts what keeps it', async () => {
    const reasons = await reasonsOf(ACCEPTED.map(([, json]) => json));
    expect(ACCEPTED.map(([name], index) => [name, reasons[index]])).toEqual(
      ACCEPTED.map(([name]) => [name, null]),
    );
  });

  it('names the field and what is wrong with it', async () => {
    const reasons = await reasonsOf(REFUSED.map(([value]) => value));
    expect(REFUSED.map(([value], index) => [String(value), reasons[index]])).toEqual(
      REFUSED.map(([value, reason]) => [String(value), reason]),
    );
  });

  it('has an example of a violation for each of its rules', () => {
    const shown = new Set(REFUSED.map(([, reason]) => reason));
    expect(TRANSACTION_CONTRACT.map(violationOf).filter((reason) => !shown.has(reason))).toEqual([]);
  });
});
