import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../channel/retry-policy';

/** Times and limits of the client; all have defaults. `Infinity` is no limit. */
export interface ClientSettings {
  /** Bound of a call that is answered at once, including its retries: conf, interrupt, release. Default 30 s. */
  readonly unaryDeadlineMs: number;
  /** Bound of an analysis (schema, explain, version), which may list files. Default 60 s. */
  readonly analyzeDeadlineMs: number;
  /** Bound of the best-effort call for the full error chain. Default 5 s. */
  readonly errorDetailsDeadlineMs: number;
  /**
   * Silence after which a response stream is replaced; it counts as a failed attempt only where the server answers no other call either.
   * Above the server's `senderMaxStreamDuration` (2 min). Default 3 min.
   */
  readonly streamIdleTimeoutMs: number;
  /** Bound of sending files or a large local table, including its retries. Default 10 min. */
  readonly uploadDeadlineMs: number;
  /** Rows of `createDataFrame` above this size are sent once and kept for the session. Default 64 MiB, as Spark's conf `spark.sql.session.localRelationCacheThreshold`. */
  readonly localRelationCacheThresholdBytes: number;
  /** Bound of making a connection, TLS and HTTP/2 handshakes included, within the deadline of the call. Default 20 s. */
  readonly connectTimeoutMs: number;
  /** Let a server of Spark 4.1 or later cut large Arrow batches into several messages. Default true; costs nothing where it has none. */
  readonly allowArrowChunks: boolean;
  /** The size of such a message the client would like, bytes. Default: the server's own (about 115 MiB). */
  readonly preferredArrowChunkBytes?: number | undefined;
  readonly retryPolicy: RetryPolicy;
}

/** Settings to change; what is left out, of the retry policy too, stays as it was. */
export type ClientSettingsChange = Partial<Omit<ClientSettings, 'retryPolicy'>> & {
  readonly retryPolicy?: Partial<RetryPolicy> | undefined;
};

export const DEFAULT_CLIENT_SETTINGS: ClientSettings = {
  unaryDeadlineMs: 30_000,
  analyzeDeadlineMs: 60_000,
  errorDetailsDeadlineMs: 5_000,
  streamIdleTimeoutMs: 180_000,
  uploadDeadlineMs: 600_000,
  localRelationCacheThresholdBytes: 64 * 1024 * 1024,
  connectTimeoutMs: 20_000,
  allowArrowChunks: true,
  retryPolicy: DEFAULT_RETRY_POLICY,
};

const TIMES = [
  'unaryDeadlineMs',
  'analyzeDeadlineMs',
  'errorDetailsDeadlineMs',
  'streamIdleTimeoutMs',
  'uploadDeadlineMs',
  'connectTimeoutMs',
] as const;

const RETRY_NUMBERS = [
  'maxRetries',
  'initialBackoffMs',
  'backoffMultiplier',
  'maxBackoffMs',
  'jitterMs',
  'jitterFromMs',
] as const;

/**
 * The settings with those changed that are given, and not undefined.
 * @throws TypeError naming the setting that would make timers fire at once, or never let a call succeed.
 */
export function changedSettings(before: ClientSettings, change: ClientSettingsChange): ClientSettings {
  const retryPolicy = { ...before.retryPolicy, ...given(change.retryPolicy ?? {}) };
  const after: ClientSettings = { ...before, ...given(change), retryPolicy };
  refuseWrongSettings(after);
  return after;
}

function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function refuseWrongSettings(checked: ClientSettings): void {
  for (const name of TIMES)
    refuseUnless(isPositive, name, checked[name], 'a positive number of milliseconds');
  const { localRelationCacheThresholdBytes, preferredArrowChunkBytes, retryPolicy } = checked;
  refuseUnless(
    isNotNegative,
    'localRelationCacheThresholdBytes',
    localRelationCacheThresholdBytes,
    'a number of bytes',
  );
  refuseUnless(
    isWhole,
    'preferredArrowChunkBytes',
    preferredArrowChunkBytes,
    'a positive, whole number of bytes',
  );
  for (const name of RETRY_NUMBERS)
    refuseUnless(isNotNegative, `retryPolicy.${name}`, retryPolicy[name], 'a number, and not negative');
}

function refuseUnless(
  isRight: (value: number) => boolean,
  name: string,
  value: number | undefined,
  words: string,
): void {
  if (value === undefined || isRight(value)) return;
  throw new TypeError(`clientSettings: ${name} must be ${words}, not ${String(value)}`);
}

function isPositive(value: number): boolean {
  return value > 0;
}

function isNotNegative(value: number): boolean {
  return value >= 0;
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
