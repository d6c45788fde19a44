import { setTimeout as delay } from 'node:timers/promises';
import { SparkSession, type DataFrame } from 'spark-connect-js';
import type { ChildMessage, ChildTask, Memory, Reading } from './child-task';
import { tableQuery } from './wide-table';

const WARM_UP_ROWS = 50_000;
const PROGRESS_EVERY_MS = 500;
const SAMPLE_EVERY_ROWS = 2_000;
/** Until what starting left behind has been given back. */
const SETTLE_MS = 1_000;

/** Counts what arrives and looks at the memory meanwhile. */
class Meter {
  rows = 0;
  batches = 0;
  bytes = 0;
  idle = memoryNow();
  peak = this.idle;
  private toldAt = Date.now();

  /** From here on it counts. */
  reset(): void {
    Object.assign(this, { rows: 0, batches: 0, bytes: 0, idle: memoryNow() });
    this.peak = this.idle;
  }

  sample(): void {
    const now = memoryNow();
    this.peak = { rss: Math.max(this.peak.rss, now.rss), used: Math.max(this.peak.used, now.used) };
    if (Date.now() - this.toldAt < PROGRESS_EVERY_MS) return;
    this.toldAt = Date.now();
    tell({ kind: 'progress', rows: this.rows });
  }
}

function memoryNow(): Memory {
  const { rss, heapUsed, external } = process.memoryUsage();
  // `external` contains the array buffers.
  return { rss, used: heapUsed + external };
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

const WAYS: Readonly<Record<ChildTask['how'], (dataFrame: DataFrame, meter: Meter) => Promise<void>>> = {
  collect: async (dataFrame, meter) => {
    meter.rows += (await dataFrame.collect()).length;
  },
  arrow: async (dataFrame, meter) => {
    for await (const batch of dataFrame.toArrowBatches()) {
      meter.batches += 1;
      meter.bytes += batch.byteLength;
      meter.sample();
    }
  },
  iterate: async (dataFrame, meter) => {
    for await (const row of dataFrame.toLocalIterator()) {
      if (Object.hasOwn(row, 'id')) meter.rows += 1;
      if (meter.rows % SAMPLE_EVERY_ROWS === 0) meter.sample();
    }
  },
};

async function run(task: ChildTask): Promise<Reading> {
  const meter = new Meter();
  const timer = setInterval(() => {
    meter.sample();
  }, 20);
  const spark = SparkSession.builder().remote(task.remote).build();
  const read = async (rows: number): Promise<void> => {
    await WAYS[task.how](await spark.sql(tableQuery(task.width, rows)), meter);
  };
  try {
    await spark.version();
    await delay(SETTLE_MS);
    const { idle } = new Meter();
    await read(Math.min(WARM_UP_ROWS, task.rows));
    meter.reset();
    const startedAt = performance.now();
    await read(task.rows);
    const elapsedMs = performance.now() - startedAt;
    const { rows, batches, bytes, peak } = meter;
    return { rows, batches, bytes, elapsedMs, idle, peak };
  } finally {
    clearInterval(timer);
    await spark.release();
    await spark.close();
  }
}

run(JSON.parse(process.argv[2] ?? '') as ChildTask).then(
  (reading) => {
    tell({ kind: 'done', reading });
    process.disconnect();
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
