import { randomUUID } from 'node:crypto';
import { encodeRows } from '../arrow/arrow-encoder';
import type { ClientSettings } from '../session/client-settings';
import { SparkSession } from '../session/spark-session';
import { LongType, StructType } from '../types/data-type';
import type { ScriptedServer, ScriptedStream } from './scripted-server';

const FAST_RETRIES = {
  maxRetries: 3,
  initialBackoffMs: 1,
  backoffMultiplier: 2,
  maxBackoffMs: 10,
  jitterMs: 0,
  jitterFromMs: 1_000,
};

/** A session of the scripted server whose retries do not keep a test waiting. */
export function sessionOf(
  server: ScriptedServer,
  settings: Partial<ClientSettings> = {},
  parameters = '',
): SparkSession {
  return SparkSession.builder()
    .remote(`sc://127.0.0.1:${String(server.port)}/;user_id=u;session_id=${randomUUID()}${parameters}`)
    .clientSettings({ retryPolicy: FAST_RETRIES, ...settings })
    .build();
}

/** Sends one batch of `id` values, as `spark.range` gives them. */
export function sendIds(
  stream: ScriptedStream,
  responseId: string,
  startOffset: number,
  ids: readonly number[],
): void {
  const data = encodeRows(
    ids.map((id) => ({ id })),
    new StructType().add('id', LongType),
  );
  const value = { rowCount: BigInt(ids.length), startOffset: BigInt(startOffset), data };
  stream.send(responseId, { responseType: { case: 'arrowBatch', value } });
}
