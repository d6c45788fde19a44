import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SparkSession } from '../session/spark-session';
import { ChildScript } from '../testing/child-script';
import { LARGE_ROW_BYTES, largeRows, largeText } from '../testing/large-rows';
import { OwnServer } from '../testing/own-server';
import { RpcRelay } from '../testing/rpc-relay';
import type { LargeReadingChildInput, LargeResultRead } from './large-reading-child.fixture';

jest.setTimeout(120_000);

const MEGABYTE = 1_000_000;
const ROWS = Math.ceil((100 * MEGABYTE) / LARGE_ROW_BYTES);
/** The server ends a response stream after this time; of itself it would do so after two minutes. */
const STREAM_LIMIT_MS = 1_000;
/** Much less than the result, so that a few batches and all of them are not mistaken for one another. */
const BATCH_BYTES = 2 * MEGABYTE;

let server: OwnServer;
let relay: RpcRelay;

beforeAll(async () => {
  server = await OwnServer.start({
    conf: {
      'spark.connect.execute.reattachable.senderMaxStreamDuration': `${String(STREAM_LIMIT_MS)}ms`,
      'spark.connect.grpc.arrow.maxBatchSize': String(BATCH_BYTES),
    },
  });
  relay = await RpcRelay.to('127.0.0.1', server.port);
});

afterAll(async () => {
  relay.close();
  await server.stop();
});

function inMegabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(0)} MB`;
}

describe('a result of 100 MB', () => {
  it('is read row by row in a memory that holds a few batches of it', async () => {
    const input: LargeReadingChildInput = {
      remote: `${server.remote}/;user_id=spark-connect-js-spec;session_id=${randomUUID()}`,
      rows: ROWS,
    };
    const script = join(__dirname, 'large-reading-child.fixture.ts');
    const child = ChildScript.start(script, input, ['--expose-gc']);
    try {
      const { rows, bytes, idle, peak } = await child.next<LargeResultRead>();
      expect(rows).toBe(ROWS);
      expect(bytes).toBeGreaterThanOrEqual(100 * MEGABYTE);
      const held = peak.held - idle.held;
      const [size, most, rss] = [bytes, held, peak.rss - idle.rss].map(inMegabytes);
      process.stdout.write(`${size} read: at most ${most} held, ${rss} resident, over idle\n`);
      expect(held).toBeLessThan(bytes / 2);
    } finally {
      await child.kill();
    }
  });
});

describe('a reader that pauses for longer than the server keeps a stream open', () => {
  it('gets every row once, and the session answers its other calls meanwhile', async () => {
    const spark = server.session(randomUUID(), relay.port).build();
    const pauseAt = [0.1, 0.4, 0.7].map((part) => Math.floor(part * ROWS));
    let expected = 0n;
    let answered = 0;
    const reattached: number[] = [];
    for await (const { id, text } of largeRows(spark, ROWS).toLocalIterator()) {
      if (id !== expected || text !== largeText(id)) {
        throw new Error(
          `row ${id.toString()} came, or not its own text, where ${expected.toString()} belongs`,
        );
      }
      expected += 1n;
      if (pauseAt.includes(Number(id))) {
        reattached.push(relay.calls('ReattachExecute'));
        answered += await otherCallsFor(1.2 * STREAM_LIMIT_MS, spark);
      }
    }
    expect(expected).toBe(BigInt(ROWS));
    expect(answered).toBeGreaterThanOrEqual(pauseAt.length);
    reattached.push(relay.calls('ReattachExecute'));
    // More after each pause than before it: each ended the stream.
    expect(new Set(reattached).size).toBe(pauseAt.length + 1);
    expect(relay.calls('ExecutePlan')).toBe(1 + answered);
    await spark.stop();
  });
});

/** Uses the session for a time in which the large result is not read; how often it executed something. */
async function otherCallsFor(durationMs: number, spark: SparkSession): Promise<number> {
  const until = performance.now() + durationMs;
  let executed = 0;
  while (performance.now() < until) {
    await expect(spark.conf.get('spark.sql.session.timeZone')).resolves.toBe('UTC');
    await expect(spark.range(3).schema()).resolves.toMatchObject({ fields: [{ name: 'id' }] });
    await expect(spark.range(3).count()).resolves.toBe(3);
    executed += 1;
  }
  return executed;
}
