/** Kafka cannot be used; the message says why and what to do. */
export class KafkaUnavailable extends Error {
  override readonly name = 'KafkaUnavailable';
}

/** What a failed send asks for: trying again, a new producer id, or giving up. */
export type Remedy = 'retry' | 'renew-producer' | 'give-up';

/** The broker no longer knows the producer's sequence numbers (its log was lost or expired). */
const PRODUCER_ID_ERRORS: ReadonlySet<unknown> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

/** kafkajs wraps the error that counts in "retries exceeded" and "not retriable" errors, sometimes twice. */
export function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}

function facts(error: unknown): { readonly type?: unknown; readonly retriable?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

export function remedyOf(error: unknown): Remedy {
  const { type, retriable } = facts(rootOf(error));
  if (PRODUCER_ID_ERRORS.has(type)) return 'renew-producer';
  return retriable === false ? 'give-up' : 'retry';
}

/** One line that says what went wrong. */
export function describe(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? root.message.split('\n')[0] || root.name : String(root);
}
