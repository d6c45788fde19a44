import { z } from 'zod';
import type { Column, ColumnType } from '../column';

export const CATEGORIES = [
  'electronics',
  'clothing',
  'grocery',
  'home_garden',
  'sports',
  'beauty',
  'automotive',
  'books',
  'toys',
  'pharmacy',
] as const;
export const CUSTOMER_TIERS = ['bronze', 'silver', 'gold', 'platinum'] as const;
export const PAYMENT_METHODS = [
  'credit_card',
  'debit_card',
  'upi',
  'wallet',
  'bank_transfer',
  'cod',
  'gift_card',
] as const;
export const CARD_NETWORKS = ['visa', 'mastercard', 'amex', 'rupay', 'discover'] as const;
export const TRANSACTION_STATUSES = ['completed', 'pending', 'failed', 'refunded', 'chargeback'] as const;
export const CHANNELS = ['pos_in_store', 'web', 'mobile_app', 'marketplace', 'call_center'] as const;
export const REGIONS = ['north', 'south', 'east', 'west', 'central', 'northeast'] as const;
export const DEVICE_TYPES = ['android', 'ios', 'desktop', 'tablet'] as const;

const text = () => z.string().min(1);
const utcTimestamp = () => z.iso.datetime({ precision: null });

/**
 * One sale, as produced to Kafka (JSON) and stored in Delta. The single definition of the 31 fields: the Spark schema,
 * the Delta columns and the OpenAPI model are derived from it. Each field carries its Spark type as zod metadata.
 */
export const transactionEventSchema = z.object({
  transaction_id: z.uuid().meta({ spark: 'string', description: 'UUID v4, unique' }),
  event_timestamp: utcTimestamp().meta({ spark: 'timestamp', description: 'Event time, ISO-8601 UTC' }),
  processing_timestamp: utcTimestamp()
    .nullable()
    .meta({ spark: 'timestamp', description: 'Set when the event is stored; null in Kafka' }),
  customer_id: text().meta({ spark: 'string', description: 'Hashed customer, like CUST-00042871' }),
  customer_tier: z.enum(CUSTOMER_TIERS).nullable().meta({ spark: 'string' }),
  product_id: text().meta({ spark: 'string', description: 'SKU, like SKU-ELC-00912' }),
  product_name: text().meta({ spark: 'string' }),
  category: z.enum(CATEGORIES).meta({ spark: 'string' }),
  sub_category: z.string().nullable().meta({ spark: 'string' }),
  brand: z.string().nullable().meta({ spark: 'string' }),
  quantity: z.int32().min(1).meta({ spark: 'int' }),
  unit_price: z.number().meta({ spark: 'double' }),
  discount_percent: z.number().min(0).max(100).nullable().meta({ spark: 'double', description: '0 to 100' }),
  total_amount: z
    .number()
    .meta({ spark: 'double', description: 'quantity * unit_price * (1 - discount_percent / 100)' }),
  tax_amount: z.number().nullable().meta({ spark: 'double' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ spark: 'string', description: 'ISO 4217' }),
  payment_method: z.enum(PAYMENT_METHODS).meta({ spark: 'string' }),
  card_network: z
    .enum(CARD_NETWORKS)
    .nullable()
    .meta({ spark: 'string', description: 'Null unless paid by card' }),
  transaction_status: z.enum(TRANSACTION_STATUSES).meta({ spark: 'string' }),
  channel: z.enum(CHANNELS).meta({ spark: 'string' }),
  store_id: z.string().nullable().meta({ spark: 'string', description: 'Null for the marketplace' }),
  region: z.enum(REGIONS).meta({ spark: 'string' }),
  city: text().meta({ spark: 'string' }),
  state: z.string().nullable().meta({ spark: 'string' }),
  postal_code: z.string().nullable().meta({ spark: 'string' }),
  device_type: z
    .enum(DEVICE_TYPES)
    .nullable()
    .meta({ spark: 'string', description: 'Null for points of sale' }),
  session_id: z.string().nullable().meta({ spark: 'string' }),
  ip_address: z.string().nullable().meta({ spark: 'string', description: 'Masked' }),
  is_fraudulent: z.boolean().nullable().meta({ spark: 'boolean', description: 'Null if not scored' }),
  fraud_score: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ spark: 'double', description: 'Null if not scored' }),
  batch_id: z.string().nullable().meta({ spark: 'string', description: 'Set in batch output only' }),
});

export type TransactionEvent = z.infer<typeof transactionEventSchema>;
export type TransactionField = keyof TransactionEvent;

function columnOf(name: string, field: z.ZodType): Column {
  const type = field.meta()?.['spark'] as ColumnType | undefined;
  if (type === undefined) throw new Error(`Field ${name} of the transaction event has no Spark type`);
  return { name, type, nullable: field.safeParse(null).success };
}

/** The 31 columns of an event, in the order of the contract. */
export const TRANSACTION_COLUMNS: readonly Column[] = Object.entries(transactionEventSchema.shape).map(
  ([name, field]) => columnOf(name, field),
);

/** The columns of the stored tables: the event's and the partition column derived from `event_timestamp`. */
export const STORED_TRANSACTION_COLUMNS: readonly Column[] = [
  ...TRANSACTION_COLUMNS,
  { name: 'event_date', type: 'date', nullable: true },
];
