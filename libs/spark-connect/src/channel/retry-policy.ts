import { status } from '@grpc/grpc-js';
import { GrpcFailure } from '../errors/grpc-failure';

/** What a retry policy may look at. */
export interface FailedCall {
  /** gRPC status number (14 = UNAVAILABLE ...). */
  readonly grpcCode: number;
  readonly message: string;
  /** Spark's error class, where the failure carries one. */
  readonly errorClass: string | undefined;
  /** The wait the server asked for (`google.rpc.RetryInfo`), in milliseconds, at most ten minutes. */
  readonly retryDelayMs: number | undefined;
}

/** When and how long to wait before a call is made again; the defaults are those of the official clients. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly initialBackoffMs: number;
  readonly backoffMultiplier: number;
  readonly maxBackoffMs: number;
  /** Upper bound of the random part, added only to waits of at least `jitterFromMs`. */
  readonly jitterMs: number;
  readonly jitterFromMs: number;
  /**
   * Decides in place of the built-in rule, whose verdict it gets: `(call, byDefault) => byDefault || call.grpcCode === 10`.
   * Only failures that a repetition cannot turn into a second execution may be retried; the rule itself allows none other.
   */
  readonly isRetryable?: ((call: FailedCall, byDefault: boolean) => boolean) | undefined;
}

/** Mirrors `RetryPolicy.scala#defaultPolicy` and `pyspark/sql/connect/client/retries.py`. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxRetries: 15,
  initialBackoffMs: 50,
  backoffMultiplier: 4,
  maxBackoffMs: 60_000,
  jitterMs: 500,
  jitterFromMs: 2_000,
};

/** May this failure pass if the call is repeated? */
export function isRetryable(error: unknown, policy?: Pick<RetryPolicy, 'isRetryable'>): error is GrpcFailure {
  if (!(error instanceof GrpcFailure)) return false;
  const byDefault = isRetryableByDefault(error);
  return policy?.isRetryable?.(error, byDefault) ?? byDefault;
}

/**
 * UNAVAILABLE, a server that asks for a retry by `RetryInfo`, and the one INTERNAL that is not a fault: another stream of ours took over
 * the cursor of the execution. A peer that is no gRPC server, or whose certificate is refused, will be the same in a minute.
 */
function isRetryableByDefault(failure: GrpcFailure): boolean {
  if (failure.retryDelayMs !== undefined) return true;
  if (failure.grpcCode === status.UNAVAILABLE) return failure.peerFault === undefined;
  return failure.grpcCode === status.INTERNAL && failure.message.includes('INVALID_CURSOR.DISCONNECTED');
}

/** Counts the attempts of one call (or of one response of a stream) and says how long to wait. */
export class RetryState {
  private retries = 0;

  constructor(
    private readonly policy: RetryPolicy,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait before the next attempt; undefined when the failure is final or the attempts are used up. */
  nextDelayMs(error: unknown): number | undefined {
    if (!isRetryable(error, this.policy) || this.retries >= this.policy.maxRetries) return undefined;
    const { initialBackoffMs, backoffMultiplier, maxBackoffMs, jitterMs, jitterFromMs } = this.policy;
    const backoff = Math.min(initialBackoffMs * backoffMultiplier ** this.retries, maxBackoffMs);
    this.retries += 1;
    const wait = Math.max(backoff, error.retryDelayMs ?? 0);
    return wait >= jitterFromMs ? wait + this.random() * jitterMs : wait;
  }

  /** Progress was made: the next failure starts counting anew. */
  reset(): void {
    this.retries = 0;
  }
}
