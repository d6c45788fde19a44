import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tablePaths } from '@millrace/domain';
import { SparkSession } from 'spark-connect-js';
import type { StreamingQuery } from 'spark-connect-js';
import { EventSource } from '../batch/event-source';
import type { Output } from '../output';
import { withStack } from '../stack';
import type { MeasuredStack } from '../stack';
import type { Suite } from '../suite';
import { makeTopic } from './made-topic';
import { MicroBatches } from './micro-batches';
import type { Durations } from './micro-batches';
import { rawWriter } from './raw-query';
import { cpuSeconds, sparkMemory } from './spark-process';
import type { LiveHeap, SparkMemory } from './spark-process';

const EVENTS_PER_SECOND = 500;
const RATIO_GOAL = { atMost: 1.2, unit: 'x' };
const HEAP_GOAL = { atMost: 1.1, unit: 'x' };
/** As many micro-batches at the beginning are compared with as many at the end. */
const COMPARED = 100;
/** Short, so that the ids it remembers soon become no more. */
const HORIZON_SECONDS = 60;
/** Spark forgets an id when the watermark has passed it by the delay, which is the horizon and as long as an event may be ahead: twice 360 s. */
const UNTIL_IDS_ARE_FORGOTTEN_MS = 750_000;
/** Spark keeps ten reports of a query. */
const LOOK_EVERY_MS = 500;
const STANDSTILL_MS = 60_000;
/** After files were merged, until nothing holds on to the list of those that were there before. */
const UNTIL_SETTLED = 20;
/** Classes are named of which there is so much more. */
const NAMED_CLASSES = 6;

/** How long a run is. */
export interface SoakLength {
  readonly microBatches: number;
  readonly warmUpMs: number;
}

interface Soak {
  readonly output: Output;
  readonly stack: MeasuredStack;
  readonly query: StreamingQuery;
  readonly length: SoakLength;
  /** The files of the table into few, as upkeep does it. */
  readonly merge: () => Promise<unknown>;
}

/** Spark's memory when the files of the table were just merged, before they are merged again, and when they are. */
interface Memories {
  readonly atStart: SparkMemory;
  readonly unmerged: SparkMemory;
  readonly atEnd: SparkMemory;
}

export const soakSuite = soakOf({ microBatches: 2_000, warmUpMs: UNTIL_IDS_ARE_FORGOTTEN_MS });

/** Whether a micro-batch takes longer the more there were before it: the raw query, one micro-batch at the heels of the other. */
export function soakOf(full: SoakLength): Suite {
  return {
    summary: 'duration of micro-batches and memory of Spark after 2,000 micro-batches against the start',
    run: async ({ output, isQuick }) => {
      const length = isQuick ? shortened(full) : full;
      await withStack({ output }, (stack) => soak(output, stack, length));
    },
  };
}

const shortened = ({ microBatches, warmUpMs }: SoakLength): SoakLength => ({
  microBatches: Math.min(microBatches, 200),
  warmUpMs: Math.min(warmUpMs, 5_000),
});

async function soak(output: Output, stack: MeasuredStack, length: SoakLength): Promise<void> {
  const topic = `bench-${randomUUID()}`;
  const folder = join(stack.deltaBasePath, 'bench', topic);
  const tables = tablePaths(folder);
  const broker = stack.endpoints.kafka;
  const spark = SparkSession.builder().remote(stack.endpoints.sparkConnect).build();
  const source = new EventSource(broker, topic);
  try {
    await makeTopic(broker, topic);
    await source.start(EVENTS_PER_SECOND);
    await spark.conf.set('spark.sql.streaming.noDataMicroBatches.enabled', 'false');
    const pooled = spark.withSchedulerPool('streaming-pool');
    const writer = await rawWriter(pooled, { broker, topic, tables, horizonSeconds: HORIZON_SECONDS });
    const query = await writer
      .option('checkpointLocation', join(folder, 'checkpoint'))
      .trigger({ processingTime: '0 seconds' })
      .start(tables.transactions);
    try {
      await measure({ output, stack, query, length, merge: () => merge(spark, tables.transactions) });
    } finally {
      await query.stop();
    }
  } finally {
    await source.stop();
    await spark.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const merge = (spark: SparkSession, path: string): Promise<unknown> =>
  spark.sql(`OPTIMIZE delta.\`${path}\``).then((metrics) => metrics.collect());

async function measure({ output, stack, query, length, merge }: Soak): Promise<void> {
  const { microBatches, warmUpMs } = length;
  const batches = new MicroBatches();
  const compared = Math.min(COMPARED, Math.floor(microBatches / 2));
  const warmUntilMs = performance.now() + warmUpMs;
  await follow(query, batches, () => {
    output.progress(`warming up, ${batches.count} micro-batches`);
    return performance.now() > warmUntilMs && batches.count > 0;
  });
  const mergedMemory = async (): Promise<SparkMemory> => {
    output.progress('merging the files of the table');
    await merge();
    const settledAt = batches.count + UNTIL_SETTLED;
    await follow(query, batches, () => batches.count >= settledAt);
    return sparkMemory(stack);
  };
  const atStart = await mergedMemory();
  const cpuSecondsAtStart = await cpuSeconds(stack);
  // Those that ran while the heap was cleaned do not count as the first ones.
  batches.note(await query.recentProgress());
  const skipped = batches.count;
  await follow(query, batches, () => {
    output.progress(`${batches.count - skipped} of ${microBatches} micro-batches`);
    return batches.count - skipped >= microBatches;
  });
  const seconds = (await cpuSeconds(stack)) - cpuSecondsAtStart;
  const [first, last] = [batches.first(compared, skipped), batches.last(compared)];
  const memories = { atStart, unmerged: await sparkMemory(stack), atEnd: await mergedMemory() };
  output.section(`${microBatches} micro-batches in a row at ${EVENTS_PER_SECOND} events/s`);
  printMemory(output, memories);
  output.fact('CPU seconds between', seconds.toFixed(0));
  printDurations(output, compared, first, last);
}

/** Gathers reports until that is enough. */
async function follow(query: StreamingQuery, batches: MicroBatches, isEnough: () => boolean): Promise<void> {
  let seen = { count: batches.count, atMs: performance.now() };
  while (!isEnough()) {
    await delay(LOOK_EVERY_MS);
    batches.note(await query.recentProgress());
    if (batches.count > seen.count) seen = { count: batches.count, atMs: performance.now() };
    if (performance.now() - seen.atMs > STANDSTILL_MS) {
      throw new Error('No micro-batch has ended for a minute', { cause: await query.exception() });
    }
  }
}

function printDurations(output: Output, compared: number, first: Durations, last: Durations): void {
  output.row('', ['mean ms', 'median ms', 'longest ms']);
  output.row(`first ${compared} after the warm-up`, durations(first));
  output.row(`last ${compared}`, durations(last));
  output.fact('median / median', `${(last.medianMs / first.medianMs).toFixed(2)}x`);
  output.goal('duration of the last / of the first', last.meanMs / first.meanMs, RATIO_GOAL, 2);
}

const durations = ({ meanMs, medianMs, longestMs }: Durations): string[] =>
  [meanMs, medianMs, longestMs].map((ms) => ms.toFixed(0));

function printMemory(output: Output, { atStart, unmerged, atEnd }: Memories): void {
  output.row('', ['live heap MiB', 'RSS MiB']);
  output.row('Spark at the start, files just merged', memory(atStart));
  output.row('at the end, files not merged since', memory(unmerged));
  output.row('at the end, files merged', memory(atEnd));
  output.row('', ['start MiB', 'not merged', 'merged']);
  for (const name of mostGrown(atStart.heap, unmerged.heap)) {
    const heaps = [atStart, unmerged, atEnd].map(({ heap }) => heap.classes.get(name) ?? 0);
    output.row(
      name,
      heaps.map((mib) => mib.toFixed(1)),
    );
  }
  output.goal('live heap at the end / at the start', atEnd.heap.liveMib / atStart.heap.liveMib, HEAP_GOAL, 2);
}

/** The classes of which there is most more than before. */
function mostGrown(before: LiveHeap, after: LiveHeap): string[] {
  const growth = [...after.classes].map(([name, mib]) => ({
    name,
    mib: mib - (before.classes.get(name) ?? 0),
  }));
  growth.sort((one, other) => other.mib - one.mib);
  return growth.slice(0, NAMED_CLASSES).map(({ name }) => name);
}

const memory = ({ heap, residentMib }: SparkMemory): string[] =>
  [heap.liveMib, residentMib].map((mib) => mib.toFixed(0));
