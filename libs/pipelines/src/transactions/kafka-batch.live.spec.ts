import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { BinaryType, SparkSession, StructField, StructType } from 'spark-connect-js';
import type { DataFrame, ObservedMetrics } from 'spark-connect-js';
import { CONTRACT_METRICS, RAW_METRICS } from '../pipeline';
import { at } from '../testing/live-transactions';
import { transactionsPipeline } from './transactions-pipeline';

jest.setTimeout(240_000);

let spark: SparkSession;
let folder: string;

beforeAll(async () => {
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  folder = await mkdtemp(join(tmpdir(), 'millrace-kafka-batch-'));
});

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A message that keeps the contract, as a producer writes it. */
const message = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    transaction_id: randomUUID(),
    event_timestamp: '2025-01-15T12:00:00.123Z',
    customer_id: 'CUST-1',
    product_id: 'SKU-1',
    product_name: 'A book',
    category: 'books',
    quantity: 1,
    unit_price: 10,
    total_amount: 10,
    currency: 'USD',
    payment_method: 'upi',
    transaction_status: 'completed',
    channel: 'web',
    region: 'west',
    city: 'Mumbai',
    ...change,
  });

/** The `value` of Kafka rows, as a bounded read has it; null is a tombstone. */
function kafkaRows(messages: readonly (string | null)[]): DataFrame {
  const schema = new StructType([new StructField('value', BinaryType)]);
  return spark.createDataFrame(
    messages.map((text) => [text === null ? null : Buffer.from(text)]),
    schema,
  );
}

/** Runs a batch in Kafka mode as far as its raw table, and brings what the write observed, by name. */
async function store(
  path: string,
  messages: readonly (string | null)[],
  filters: Readonly<Record<string, string>> | null = null,
): Promise<Record<string, ObservedMetrics['values']>> {
  const events = transactionsPipeline.parse(kafkaRows(messages));
  const selection = { startDate: null, endDate: null, afterEventTimestamp: null, filters };
  const selected = transactionsPipeline.selectRows(events, selection);
  const observed: Record<string, ObservedMetrics['values']> = {};
  await transactionsPipeline
    .toRawOutput(selected, 'batch-1', selection)
    .write.format('delta')
    .partitionBy(...transactionsPipeline.rawPartitionBy)
    .save(path, { onObservedMetrics: ({ name, values }) => (observed[name] = values) });
  return observed;
}

describe('a batch over Kafka rows', () => {
  it('stores the events of any day that keep the contract, and says how many, how many not, and the latest time', async () => {
    const path = join(folder, 'whole');
    const observed = await store(path, [
      message(),
      message({ event_timestamp: '1999-01-01T00:00:00Z', category: 'toys' }),
      message({ event_timestamp: '2025-12-31T23:59:59.999999Z' }),
      message({ city: null }),
      'not JSON',
      null,
    ]);
    expect(observed[CONTRACT_METRICS]).toEqual({ received: 6n, rejected: 3n });
    expect(observed[RAW_METRICS]).toEqual({
      row_count: 3n,
      max_event_timestamp: expect.objectContaining({
        epochMicros: at('2025-12-31T23:59:59.999Z').epochMicros + 999n,
      }) as unknown,
    });
    const stored = spark.read.format('delta').load(path);
    expect(await stored.dtypes()).toEqual(
      STORED_TRANSACTION_COLUMNS.map((column) => [column.name, column.type]),
    );
    const rows = await stored.orderBy('event_timestamp').collect();
    expect(rows.map((row) => [row['event_date'], row['category'], row['batch_id']])).toEqual([
      ['1999-01-01', 'toys', 'batch-1'],
      ['2025-01-15', 'books', 'batch-1'],
      ['2025-12-31', 'books', 'batch-1'],
    ]);
    expect(rows.every((row) => row['processing_timestamp'] !== null)).toBe(true);
  });

  it('counts what arrived before it filters', async () => {
    const messages = ['books', 'toys', 'toys'].map((category) => message({ category }));
    const observed = await store(join(folder, 'filtered'), [...messages, '{}'], { category: 'toys' });
    expect(observed[CONTRACT_METRICS]).toEqual({ received: 4n, rejected: 1n });
    expect(observed[RAW_METRICS]).toMatchObject({ row_count: 2n });
  });

  it('observes no row and no time where nothing is left', async () => {
    const observed = await store(join(folder, 'empty'), ['not JSON', 'nor this', '{}']);
    expect(observed[CONTRACT_METRICS]).toEqual({ received: 3n, rejected: 3n });
    expect(observed[RAW_METRICS]).toEqual({ row_count: 0n, max_event_timestamp: null });
  });
});
