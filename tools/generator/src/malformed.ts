import { TRANSACTION_COLUMNS } from '@millrace/domain';
import type { TransactionEvent, TransactionField } from '@millrace/domain';
import type { Random } from './random';
import { transactionJson } from './transaction-json';

export const MALFORMED_KINDS = [
  'truncated',
  'not_json',
  'wrong_type',
  'missing_field',
  'broken_rule',
] as const;
export type MalformedKind = (typeof MALFORMED_KINDS)[number];

export interface Malformed {
  readonly kind: MalformedKind;
  readonly value: string | Buffer;
}

const REQUIRED = TRANSACTION_COLUMNS.filter(({ nullable }) => !nullable).map(({ name }) => name);

type Change = readonly [TransactionField, unknown];

/**
 * Types that no reader may take for the right ones. Only of required fields, and no number for a text: what cannot be read
 * counts as null, and a number can be read as a text, so a lenient reader would be right to accept these.
 */
const WRONG_TYPES: readonly ((event: TransactionEvent) => Change)[] = [
  () => ['quantity', 'two'],
  () => ['quantity', 1.5],
  (event) => ['unit_price', String(event.unit_price)],
  (event) => ['unit_price', { amount: event.unit_price }],
  (event) => ['total_amount', [event.total_amount]],
  () => ['total_amount', true],
  () => ['event_timestamp', false],
];

/** An event of the right types that breaks the contract, a rule each. */
export const BROKEN_RULES: readonly ((event: TransactionEvent) => readonly Change[])[] = [
  () => [['transaction_id', 'not-a-uuid']],
  () => [['event_timestamp', 'yesterday at noon']],
  () => [['event_timestamp', '2999-12-31T23:59:59.999Z']],
  () => [['customer_id', '']],
  () => [['customer_tier', 'tin']],
  () => [['product_id', '']],
  () => [['product_name', '']],
  () => [['category', 'weapons']],
  () => [['quantity', 0]],
  () => [['quantity', -1]],
  () => [['discount_percent', -5]],
  () => [['discount_percent', 101]],
  (event) => [['total_amount', event.total_amount + 1]],
  () => [['currency', 'dollars']],
  () => [['payment_method', 'barter']],
  () => [
    ['payment_method', 'credit_card'],
    ['card_network', 'diners'],
  ],
  () => [
    ['payment_method', 'cod'],
    ['card_network', 'visa'],
  ],
  () => [['transaction_status', 'lost']],
  () => [['channel', 'fax']],
  () => [
    ['channel', 'marketplace'],
    ['store_id', 'STORE-MUM-042'],
  ],
  () => [['region', 'overseas']],
  () => [['city', '']],
  () => [
    ['channel', 'web'],
    ['device_type', 'toaster'],
  ],
  () => [
    ['channel', 'pos_in_store'],
    ['device_type', 'android'],
  ],
  () => [['ip_address', '203.0.113.7']],
  () => [['fraud_score', 1.1]],
  () => [['fraud_score', -0.1]],
  () => [['batch_id', 'batch-1']],
];

const changed = (event: TransactionEvent, changes: readonly Change[]): string =>
  JSON.stringify({ ...event, ...Object.fromEntries(changes) });

/** What other programs write into a topic by mistake. Never an array: a reader may take `[event]` for the event. */
function notJson(random: Random, event: TransactionEvent): string | Buffer {
  return random.pick<() => string | Buffer>([
    () => '',
    () => `ERROR could not serialize transaction ${event.transaction_id}`,
    () => `<transaction id="${event.transaction_id}"><city>${event.city}</city></transaction>`,
    () => [event.transaction_id, event.event_timestamp, event.category, event.total_amount].join(','),
    // Bytes that are no UTF-8 either.
    () => Buffer.from(`\u00ff\u00fe${event.transaction_id}`, 'latin1'),
  ])();
}

/** Spoils an event, in one of the ways that {@link MALFORMED_KINDS} names, all equally likely. */
export function malform(random: Random, event: TransactionEvent): Malformed {
  const kind = random.pick(MALFORMED_KINDS);
  switch (kind) {
    case 'truncated': {
      const text = transactionJson(event);
      return { kind, value: text.slice(0, random.integer(1, text.length - 1)) };
    }
    case 'not_json':
      return { kind, value: notJson(random, event) };
    case 'wrong_type':
      return { kind, value: changed(event, [random.pick(WRONG_TYPES)(event)]) };
    case 'missing_field':
      return { kind, value: changed(event, [[random.pick(REQUIRED) as TransactionField, undefined]]) };
    case 'broken_rule':
      return { kind, value: changed(event, random.pick(BROKEN_RULES)(event)) };
  }
}
