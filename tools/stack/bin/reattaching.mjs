import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NOTHING, listSpecs, runJest } from './jest-run.mjs';
import { ROOT } from './paths.mjs';

/** A server that ends each response stream after its first response, so that every query must re-attach many times. */
const HARSH = {
  'spark.connect.execute.reattachable.senderMaxStreamDuration': '1s',
  'spark.connect.execute.reattachable.senderMaxStreamSize': '123',
  'spark.connect.grpc.arrow.maxBatchSize': '10k',
};

/**
 * What Jest leaves out: all but the live specs of the client. Those under `weather/` have a server of their own, whose settings
 * this one does not change.
 */
const LEFT_OUT = '^(?!.*/libs/spark-connect/src/(?!weather/))';

/**
 * The live specs of the client once more, on a server that makes every query re-attach. Does nothing where Jest's arguments select
 * none of them.
 * @param {{ args: string[], env: Record<string, string> }} options `env`: of the live run; its other servers are used again
 */
export async function runReattaching({ args, env }) {
  // The pattern last: its flag would take what follows for further patterns.
  const jestArgs = ['--runInBand', ...args, `--testPathIgnorePatterns=${LEFT_OUT}`];
  if ((await listSpecs('live', { args: jestArgs, env })).length === 0)
    return { ok: true, totals: NOTHING, note: 'none selected' };
  const server = await startServer();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-reattaching-'));
  try {
    const endpoints = join(folder, 'endpoints.json');
    const others = JSON.parse(readFileSync(env.MILLRACE_ENDPOINTS, 'utf8'));
    writeFileSync(endpoints, JSON.stringify({ ...others, sparkConnect: server.remote, sparkUi: server.ui }));
    return await runJest('live', { args: jestArgs, env: { ...env, MILLRACE_ENDPOINTS: endpoints } });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the library for tests, which is built by then. */
async function startServer() {
  const { SparkServer } = await import(pathToFileURL(join(ROOT, 'libs', 'testing', 'dist', 'index.js')).href);
  return SparkServer.start({ conf: HARSH });
}
