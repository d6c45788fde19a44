import { setTimeout as delay } from 'node:timers/promises';
import type { StreamingQuery } from 'spark-connect-js';

const MAX_WAIT_MS = 25_000;
const POLL_MS = 100;
const STOP_DEADLINE_MS = 15_000;

/**
 * `stop` interrupts a running micro-batch (which is safe: it is replayed from the offset log), so wait first until
 * the one that runs has ended. The next one may have begun then, at once where events are many; that is harmless too.
 */
export async function stopAfterMicroBatch(query: StreamingQuery): Promise<void> {
  const deadline = Date.now() + MAX_WAIT_MS;
  const endedBefore = await lastEnded(query);
  for (;;) {
    const status = await query.status();
    if (!status.isActive) return;
    if (!status.isTriggerActive || Date.now() > deadline) break;
    if ((await lastEnded(query)) !== endedBefore) break;
    await delay(POLL_MS);
  }
  await query.stop({ deadlineMs: STOP_DEADLINE_MS });
}

const lastEnded = async (query: StreamingQuery) => (await query.lastProgress())?.batchId;
