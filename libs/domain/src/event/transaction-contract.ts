import type { ContractRule } from './contract-rule';
import {
  CARD_NETWORKS,
  CATEGORIES,
  CHANNELS,
  CUSTOMER_TIERS,
  DEVICE_TYPES,
  PAYMENT_METHODS,
  REGIONS,
  TRANSACTION_COLUMNS,
  TRANSACTION_STATUSES,
} from './transaction-event';
import type { TransactionField } from './transaction-event';

/** A producer's clock may be this much ahead; what is later would end all windows too early. */
export const MAX_SECONDS_AHEAD = 300;

/** Amounts are rounded to cents. */
const CENT = 0.01;

const oneOf = (field: TransactionField, values: readonly string[]): ContractRule => ({
  kind: 'one_of',
  field,
  values,
});

const finite = (field: TransactionField): ContractRule => ({ kind: 'range', field, min: null, max: null });

const required: readonly ContractRule[] = TRANSACTION_COLUMNS.filter(({ nullable }) => !nullable).map(
  ({ name }) => ({ kind: 'required', field: name }),
);

const notEmpty: readonly ContractRule[] = (
  ['customer_id', 'product_id', 'product_name', 'city'] satisfies TransactionField[]
).map((field) => ({ kind: 'not_empty', field }));

/** What an event must keep besides the types of its fields; the first violated rule is the reason. */
export const TRANSACTION_CONTRACT: readonly ContractRule[] = [
  ...required,
  {
    kind: 'pattern',
    field: 'transaction_id',
    pattern: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}',
    violation: 'not a UUID v4',
  },
  ...notEmpty,
  oneOf('customer_tier', CUSTOMER_TIERS),
  oneOf('category', CATEGORIES),
  { kind: 'range', field: 'quantity', min: 1, max: null },
  finite('unit_price'),
  { kind: 'range', field: 'discount_percent', min: 0, max: 100 },
  {
    kind: 'discounted_product',
    field: 'total_amount',
    quantity: 'quantity',
    price: 'unit_price',
    discountPercent: 'discount_percent',
    tolerance: CENT,
  },
  finite('tax_amount'),
  { kind: 'pattern', field: 'currency', pattern: '[A-Z]{3}', violation: 'not a currency code of ISO 4217' },
  oneOf('payment_method', PAYMENT_METHODS),
  oneOf('card_network', CARD_NETWORKS),
  {
    kind: 'null_unless',
    field: 'card_network',
    other: 'payment_method',
    values: ['credit_card', 'debit_card'],
  },
  oneOf('transaction_status', TRANSACTION_STATUSES),
  oneOf('channel', CHANNELS),
  { kind: 'null_where', field: 'store_id', other: 'channel', values: ['marketplace'] },
  oneOf('region', REGIONS),
  oneOf('device_type', DEVICE_TYPES),
  { kind: 'null_where', field: 'device_type', other: 'channel', values: ['pos_in_store'] },
  {
    kind: 'pattern',
    field: 'ip_address',
    pattern: '(?!\\d+\\.\\d+\\.\\d+\\.\\d+$).*',
    violation: 'not masked',
  },
  { kind: 'range', field: 'fraud_score', min: 0, max: 1 },
  { kind: 'always_null', field: 'batch_id' },
  { kind: 'not_ahead', field: 'event_timestamp', maxSeconds: MAX_SECONDS_AHEAD },
];
