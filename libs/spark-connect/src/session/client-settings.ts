import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../channel/retry-policy';

/** Times and limits of the client; all have defaults. */
export interface ClientSettings {
  /** Bound of a call that is answered at once, including its retries: conf, interrupt, release. Default 30 s. */
  readonly unaryDeadlineMs: number;
  /** Bound of an analysis (schema, explain, version), which may list files. Default 60 s. */
  readonly analyzeDeadlineMs: number;
  /** Bound of the best-effort call for the full error chain. Default 5 s. */
  readonly errorDetailsDeadlineMs: number;
  /** Silence after which a response stream is replaced; above the server's `senderMaxStreamDuration` (2 min). Default 3 min. */
  readonly streamIdleTimeoutMs: number;
  readonly retryPolicy: RetryPolicy;
}

export const DEFAULT_CLIENT_SETTINGS: ClientSettings = {
  unaryDeadlineMs: 30_000,
  analyzeDeadlineMs: 60_000,
  errorDetailsDeadlineMs: 5_000,
  streamIdleTimeoutMs: 180_000,
  retryPolicy: DEFAULT_RETRY_POLICY,
};
