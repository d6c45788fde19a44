import { randomUUID } from 'node:crypto';
import { encodeRows } from '../arrow/arrow-encoder';
import { setChunkPosition } from '../execute/arrow-chunk-fields';
import type { ClientSettings } from '../session/client-settings';
import { SparkSession } from '../session/spark-session';
import { LongType, StructType } from '../types/data-type';
import type { ScriptedStream } from './scripted-server';

export const FAST_RETRIES = {
  maxRetries: 3,
  initialBackoffMs: 1,
  backoffMultiplier: 2,
  maxBackoffMs: 10,
  jitterMs: 0,
  jitterFromMs: 1_000,
};

/** A session of the scripted server whose retries do not keep a test waiting. */
export function sessionOf(
  server: { readonly port: number },
  settings: Partial<ClientSettings> = {},
  parameters = '',
): SparkSession {
  return SparkSession.builder()
    .remote(`sc://127.0.0.1:${String(server.port)}/;user_id=u;session_id=${randomUUID()}${parameters}`)
    .clientSettings({ retryPolicy: FAST_RETRIES, ...settings })
    .build();
}

/** `id` values as one Arrow IPC stream. */
export function arrowOfIds(ids: readonly number[]): Uint8Array {
  return encodeRows(
    ids.map((id) => ({ id })),
    new StructType().add('id', LongType),
  );
}

/** One piece of a batch, as a server of Spark 4.1 sends it. */
export interface Piece {
  readonly index: number;
  readonly total: number;
  readonly startOffset: number;
  readonly rowCount: number;
  readonly data: Uint8Array;
}

export function sendPiece(stream: ScriptedStream, responseId: string, piece: Piece): void {
  const value = {
    rowCount: BigInt(piece.rowCount),
    startOffset: BigInt(piece.startOffset),
    data: piece.data,
  };
  const response = stream.response(responseId, { responseType: { case: 'arrowBatch', value } });
  if (response.responseType.case === 'arrowBatch') setChunkPosition(response.responseType.value, piece);
  stream.write(response);
}

/** Sends one batch of `id` values, as `spark.range` gives them. */
export function sendIds(
  stream: ScriptedStream,
  responseId: string,
  startOffset: number,
  ids: readonly number[],
): void {
  const data = arrowOfIds(ids);
  const value = { rowCount: BigInt(ids.length), startOffset: BigInt(startOffset), data };
  stream.send(responseId, { responseType: { case: 'arrowBatch', value } });
}
