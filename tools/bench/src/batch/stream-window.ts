import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;
/** So long a micro-batch takes on no machine: the stream stands still. */
const STANDSTILL_MS = 5 * 60_000;

/** What is known of the stream at one moment. */
export interface StreamLook {
  /** Of `performance.now()`. */
  readonly atMs: number;
  /** Events stored by the micro-batches that have ended. */
  readonly stored: number;
  readonly sent: number;
}

export interface StreamWindow {
  /** Events stored per second, and sent per second in the same time. */
  readonly storedRate: number;
  readonly sentRate: number;
  /** Most events that were sent and not stored yet. */
  readonly mostBehind: number;
  /** Longest time between the ends of two micro-batches. */
  readonly longestMicroBatchMs: number;
  /** What has lasted meanwhile, as it counts itself. */
  readonly batches: number;
}

/**
 * Watches the stream while something lasts: from the first end of a micro-batch to the first one after it is over. What is
 * stored grows only there, so that any other window would lose or gain a part of a micro-batch.
 */
export async function watchStream(
  look: () => Promise<StreamLook>,
  lasts: Promise<number>,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<StreamWindow> {
  const over = new AbortController();
  const ended = lasts.finally(() => {
    over.abort();
  });
  // Its failure is this function's, when the window has ended.
  ended.catch(() => undefined);
  const { end: first } = await nextMicroBatch(look, await look(), lookEveryMs);
  let [last, mostBehind, longestMicroBatchMs] = [first, 0, 0];
  do {
    const { end, behind } = await nextMicroBatch(look, last, lookEveryMs);
    mostBehind = Math.max(mostBehind, behind);
    longestMicroBatchMs = Math.max(longestMicroBatchMs, end.atMs - last.atMs);
    last = end;
  } while (!over.signal.aborted);
  const seconds = (last.atMs - first.atMs) / 1_000;
  return {
    storedRate: (last.stored - first.stored) / seconds,
    sentRate: (last.sent - first.sent) / seconds,
    mostBehind,
    longestMicroBatchMs,
    batches: await ended,
  };
}

/** Looks until more is stored than was. `behind`: most events that were not stored yet meanwhile. */
async function nextMicroBatch(
  look: () => Promise<StreamLook>,
  since: StreamLook,
  lookEveryMs: number,
): Promise<{ readonly end: StreamLook; readonly behind: number }> {
  let behind = 0;
  for (;;) {
    await delay(lookEveryMs);
    const now = await look();
    behind = Math.max(behind, now.sent - now.stored);
    if (now.stored > since.stored) return { end: now, behind };
    if (now.atMs - since.atMs > STANDSTILL_MS) throw new Error('The stream has stored nothing for 5 min');
  }
}
