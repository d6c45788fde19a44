import { setTimeout as delay } from 'node:timers/promises';
import type { SparkSession } from '../session/spark-session';
import type { StreamingQueryProgress } from '../streaming/progress';
import type { StreamingQuery } from '../streaming/streaming-query';

const POLL_MS = 100;

/** Stops what a spec has left running, so that a failed test does not burden the server. */
export async function stopAll(spark: SparkSession): Promise<void> {
  for (const query of await spark.streams.active()) await query.stop({ deadlineMs: 30_000 });
}

/** The newest report that satisfies; throws when the query ends by a failure instead. */
export async function progressOnce(
  query: StreamingQuery,
  satisfies: (progress: StreamingQueryProgress) => boolean,
): Promise<StreamingQueryProgress> {
  for (;;) {
    const progress = await query.lastProgress();
    if (progress !== undefined && satisfies(progress)) return progress;
    const failure = await query.exception();
    if (failure !== undefined) throw failure;
    await delay(POLL_MS);
  }
}

/** The first report with rows. */
export function progressWithRows(query: StreamingQuery): Promise<StreamingQueryProgress> {
  return progressOnce(query, ({ numInputRows }) => numInputRows > 0);
}
