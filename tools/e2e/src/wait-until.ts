import { setTimeout as delay } from 'node:timers/promises';

/** Polls for a fact; gives what it found, or says what it waited for and what it saw last. */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T | undefined>,
  limit: { readonly timeoutMs: number; readonly pollMs?: number } = { timeoutMs: 60_000 },
): Promise<T> {
  const deadline = Date.now() + limit.timeoutMs;
  let lastFailure: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      lastFailure = error;
    }
    await delay(limit.pollMs ?? 200);
  }
  throw new Error(`Waited ${limit.timeoutMs} ms for: ${what}`, { cause: lastFailure });
}
