import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { requireEndpoints } from '@millrace/testing';
import type { DataFrame } from '../dataframe/dataframe';
import { SparkSession } from '../session/spark-session';
import type { SparkSessionBuilder } from '../session/spark-session-builder';

/** A builder of a session of the running server, with a new session id unless one is given. */
export function liveSession(
  sessionId: string = randomUUID(),
  port?: number,
): SparkSessionBuilder<SparkSession> {
  const { sparkConnect } = requireEndpoints();
  const server = port === undefined ? sparkConnect : `sc://127.0.0.1:${String(port)}`;
  return SparkSession.builder().remote(`${server}/;user_id=spark-connect-js-spec;session_id=${sessionId}`);
}

/** The connection string of a session of the running server, for another process. */
export function liveRemote(sessionId: string): string {
  return `${requireEndpoints().sparkConnect}/;user_id=spark-connect-js-spec;session_id=${sessionId}`;
}

/** Where the running server listens, for a proxy in front of it. */
export function liveAddress(): { readonly host: string; readonly port: number } {
  const url = new URL(requireEndpoints().sparkConnect.replace('sc:', 'http:'));
  return { host: url.hostname, port: Number(url.port) };
}

/** A folder that this process and the server (on the same machine) can write to. */
export async function sharedFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'spark-connect-js-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Reads a `range` to its end and counts it; throws where a row is missing, double or out of order. */
export async function countInOrder(range: DataFrame): Promise<bigint> {
  let expected = 0n;
  for await (const { id } of range.toLocalIterator()) {
    if (id !== expected) throw new Error(`row ${expected.toString()} is missing, double or out of order`);
    expected += 1n;
  }
  return expected;
}
