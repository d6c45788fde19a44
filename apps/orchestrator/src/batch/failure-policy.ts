import { isMillraceError } from '@millrace/domain';
import {
  isCanceled,
  isDeltaConflict,
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
  if (isSparkUnreachable(error) || (isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE')) {
    return { kind: 'postpone', delayMs: UNREACHABLE_DELAY_MS };
  }
  // A lost session counts, also where it was closed here because it is lost: a batch that kills the server each time must not be tried
  // for ever.
  const isLost = isSessionGone(error) || isLeftRunning(error);
  const mayPass = isLost || isCanceled(error) || isDeltaConflict(error);
  if (mayPass && earlierFailures + 1 < MAX_FAILURES) {
    return { kind: 'retry', delayMs: FIRST_RETRY_DELAY_MS * 2 ** earlierFailures };
  }
  return { kind: 'fail' };
}
