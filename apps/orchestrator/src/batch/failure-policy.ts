import { isMillraceError } from '@millrace/domain';
import { SinkUnavailable } from '../compute/sink-unavailable';
import {
  isCanceled,
  isDeltaConflict,
  isKafkaUnreachable,
  isLeftRunning,
  isSessionGone,
  isSparkUnreachable,
} from '../spark/session-errors';

const MAX_FAILURES = 3;
const UNREACHABLE_DELAY_MS = 5_000;
const FIRST_RETRY_DELAY_MS = 2_000;

/** What becomes of a batch whose attempt ended in an error. */
export type Verdict =
  /** Spark is away: another attempt later, and it does not count, so that an outage loses no batch. */
  | { readonly kind: 'postpone'; readonly delayMs: number }
  /** A failure that may pass: another attempt after a back-off, a few times. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'fail' };

/** @param earlierFailures Attempts of this batch that ended in `retry` before. */
export function judgeFailure(error: unknown, earlierFailures: number): Verdict {
  if (isSparkUnreachable(error) || isUnavailable(error)) {
    return { kind: 'postpone', delayMs: UNREACHABLE_DELAY_MS };
  }
  return mayPass(error) ? retryVerdict(earlierFailures) : { kind: 'fail' };
}

/** For a failure that may pass. */
export function retryVerdict(earlierFailures: number): Exclude<Verdict, { kind: 'postpone' }> {
  if (earlierFailures + 1 >= MAX_FAILURES) return { kind: 'fail' };
  return { kind: 'retry', delayMs: FIRST_RETRY_DELAY_MS * 2 ** earlierFailures };
}

/** Something that is needed was away, and was not even asked: the registry, or Spark between two steps. */
export function isUnavailable(error: unknown): boolean {
  return isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE';
}

/** Spark went away while it worked on the attempt, or could not be reached at all. */
export function isSparkLost(error: unknown): boolean {
  return isSparkUnreachable(error) || isSessionGone(error) || isLeftRunning(error);
}

/**
 * A lost session counts as a failure, also where it was closed here because it is lost: a batch that kills the server
 * each time must not be tried for ever.
 */
export function mayPass(error: unknown): boolean {
  return (
    isSparkLost(error) ||
    isCanceled(error) ||
    isDeltaConflict(error) ||
    isKafkaUnreachable(error) ||
    error instanceof SinkUnavailable
  );
}
