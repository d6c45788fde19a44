import { setTimeout as delay } from 'node:timers/promises';

export interface Wait {
  /** Completes "waited N s for ...". */
  readonly what: string;
  readonly limitMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The limit of a wait was reached. */
export class WaitedTooLong extends Error {
  constructor(wait: Wait) {
    super(`waited ${String(Math.round(wait.limitMs / 1000))} s for ${wait.what}`);
    this.name = 'WaitedTooLong';
  }
}

/**
 * Asks until the answer is neither undefined nor false.
 * @throws WaitedTooLong at the limit; the reason of the signal when it is aborted
 */
export async function until<T>(probe: () => Promise<T | undefined | false>, wait: Wait): Promise<T> {
  const endsAt = Date.now() + wait.limitMs;
  for (;;) {
    wait.signal?.throwIfAborted();
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() >= endsAt) throw new WaitedTooLong(wait);
    await delay(wait.everyMs ?? 100, undefined, wait.signal ? { signal: wait.signal } : {});
  }
}
