import { SparkSession } from '../session/spark-session';
import { largeRows } from '../testing/large-rows';

/** What the child is told. */
export interface LargeReadingChildInput {
  readonly remote: string;
  readonly rows: number;
}

/** Bytes of a process: what the system gave it, and what of that JavaScript and its buffers hold when no garbage is left. */
export interface Memory {
  readonly rss: number;
  readonly held: number;
}

/** What the child says at the end. */
export interface LargeResultRead {
  readonly rows: number;
  /** Characters of the rows' texts, each of one byte. */
  readonly bytes: number;
  readonly idle: Memory;
  readonly peak: Memory;
}

const ROWS_PER_SAMPLE = 5_000;

const { remote, rows } = JSON.parse(process.argv[2] ?? '') as LargeReadingChildInput;

async function main(): Promise<void> {
  const spark = SparkSession.builder().remote(remote).build();
  // What the code itself takes is no part of the result.
  await largeRows(spark, 100).collect();
  const idle = memoryNow();
  let peak = idle;
  let bytes = 0;
  let count = 0;
  for await (const { id, text } of largeRows(spark, rows).toLocalIterator()) {
    if (Number(id) !== count) throw new Error(`row ${Number(id)} came as number ${count}`);
    count += 1;
    bytes += text.length;
    if (count % ROWS_PER_SAMPLE === 0) peak = larger(peak, memoryNow());
  }
  say({ rows: count, bytes, idle, peak });
  await spark.stop();
}

/** Garbage comes and goes as V8 sees fit; what is held is what a larger result would make more of. */
function memoryNow(): Memory {
  if (globalThis.gc === undefined) throw new Error('start this process with --expose-gc');
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}

function larger(one: Memory, other: Memory): Memory {
  return { rss: Math.max(one.rss, other.rss), held: Math.max(one.held, other.held) };
}

function say(fact: LargeResultRead): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

void main();
