import { randomUUID } from 'node:crypto';
import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { ColumnType } from '@millrace/domain';
import {
  ArrayType,
  BooleanType,
  DateType,
  DoubleType,
  IntegerType,
  LongType,
  StringType,
  StructField,
  StructType,
  Timestamp,
  TimestampType,
} from 'spark-connect-js';
import type { DataFrame, DataType, InputTuple, SparkSession } from 'spark-connect-js';

const TYPES: Readonly<Record<ColumnType, DataType>> = {
  string: StringType,
  int: IntegerType,
  bigint: LongType,
  double: DoubleType,
  boolean: BooleanType,
  date: DateType,
  timestamp: TimestampType,
  'array<string>': new ArrayType(StringType),
};

/** Columns of the stored table, as a Delta table has them: all may be null. */
const SCHEMA = new StructType(
  STORED_TRANSACTION_COLUMNS.map(({ name, type }) => new StructField(name, TYPES[type])),
);

type Cell = string | number | boolean | Timestamp | null;

/** A stored transaction: one plain row, but for what the spec is about. */
export type TransactionChange = Readonly<Record<string, Cell>>;

/** Instant of an ISO-8601 text in UTC, to the millisecond. */
export const at = (iso: string): Timestamp => Timestamp.fromDate(new Date(iso));

/** A completed sale of one book in Mumbai for 10, at noon of 15 January 2025; `event_date` follows the time. */
function storedTransaction(change: TransactionChange): InputTuple {
  const row: Record<string, Cell> = {
    transaction_id: randomUUID(),
    event_timestamp: at('2025-01-15T12:00:00Z'),
    customer_id: 'CUST-1',
    customer_tier: 'gold',
    product_id: 'SKU-1',
    product_name: 'A book',
    category: 'books',
    sub_category: 'fiction',
    brand: 'Acme',
    quantity: 1,
    unit_price: 10,
    discount_percent: 0,
    total_amount: 10,
    currency: 'USD',
    payment_method: 'upi',
    transaction_status: 'completed',
    channel: 'web',
    store_id: 'STORE-1',
    region: 'west',
    city: 'Mumbai',
    is_fraudulent: false,
    fraud_score: 0.1,
    ...change,
  };
  const time = row['event_timestamp'];
  row['event_date'] ??= time instanceof Timestamp ? time.toISOString().slice(0, 10) : null;
  const unknown = Object.keys(row).find((name) => !SCHEMA.fields.some((field) => field.name === name));
  if (unknown !== undefined) throw new Error(`A stored transaction has no column ${unknown}`);
  return SCHEMA.fields.map(({ name }) => row[name] ?? null);
}

/** Rows of the stored table that exist in this process only. */
export function transactions(spark: SparkSession, changes: readonly TransactionChange[]): DataFrame {
  return spark.createDataFrame(changes.map(storedTransaction), SCHEMA);
}
