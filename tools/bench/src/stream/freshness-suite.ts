import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SparkSession } from 'spark-connect-js';
import { EventSource } from '../batch/event-source';
import { Gateway } from '../batch/gateway';
import { withStack } from '../stack';
import type { MeasuredStack } from '../stack';
import { quantile } from '../statistics';
import type { BenchContext, Suite } from '../suite';
import { bareWriter, topicRows } from './bare-stream';
import { CommitTimes } from './commit-times';
import { makeTopic } from './made-topic';

const EVENTS_PER_SECOND = 500;
const P99_GOAL = { atMost: 2, unit: ' s' };
const LOOK_EVERY_MS = 100;
const STANDSTILL_MS = 60_000;
const BARE_TRIGGER = '500 milliseconds';

interface Times {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** How old an event is when it can be read: a bare query on a topic of its own, then both streams. */
export const freshnessSuite: Suite = {
  summary: 'seconds from sent to readable, with both streams running',
  run: async ({ output, isQuick }) => {
    const times = isQuick ? { warmUpMs: 3_000, measureMs: 6_000 } : { warmUpMs: 60_000, measureMs: 300_000 };
    await withStack({ output }, async (stack) => {
      output.progress('a bare query');
      const bare = await freshnessOfBareQuery(stack, times);
      output.progress('both streams');
      const ours = await freshnessOfStreams(stack, times);
      print({ output, isQuick }, bare, ours);
    });
  },
};

function print({ output }: BenchContext, bare: readonly number[], ours: readonly number[]): void {
  output.section(`sent until readable, s, at ${EVENTS_PER_SECOND} events/s`);
  output.row('', ['p50', 'p95', 'p99', 'longest', 'events']);
  output.row(`bare query alone, trigger ${BARE_TRIGGER}`, figures(bare));
  output.row('raw stream, the dashboard beside it', figures(ours));
  output.fact('p99 / p99 of the bare query', `${(quantile(ours, 0.99) / quantile(bare, 0.99)).toFixed(2)}x`);
  output.goal('p99', quantile(ours, 0.99), P99_GOAL, 2);
}

function figures(ages: readonly number[]): string[] {
  const quantiles = [0.5, 0.95, 0.99, 1].map((share) => quantile(ages, share).toFixed(2));
  return [...quantiles, String(ages.length)];
}

async function freshnessOfBareQuery(stack: MeasuredStack, times: Times): Promise<number[]> {
  const topic = `bench-${randomUUID()}`;
  const folder = join(stack.deltaBasePath, 'bench', topic);
  const spark = SparkSession.builder().remote(stack.endpoints.sparkConnect).build();
  const source = new EventSource(stack.endpoints.kafka, topic);
  try {
    await makeTopic(stack.endpoints.kafka, topic);
    await source.start(EVENTS_PER_SECOND);
    const query = await bareWriter(topicRows(spark, stack.endpoints.kafka, topic).coalesce(4))
      .option('checkpointLocation', join(folder, 'checkpoint'))
      .trigger({ processingTime: BARE_TRIGGER })
      .start(join(folder, 'events'));
    const ages = await measure(join(folder, 'events'), times);
    await query.stop();
    return ages;
  } finally {
    await source.stop();
    await spark.close();
  }
}

async function freshnessOfStreams(stack: MeasuredStack, times: Times): Promise<number[]> {
  const topic = 'transactions-stream';
  const source = new EventSource(stack.endpoints.kafka, topic);
  try {
    await source.start(EVENTS_PER_SECOND);
    await new Gateway(stack.endpoints.gateway).startStream(topic);
    return await measure(join(stack.deltaBasePath, 'stream', 'transactions'), times);
  } finally {
    await source.stop();
  }
}

async function measure(table: string, { warmUpMs, measureMs }: Times): Promise<number[]> {
  await delay(warmUpMs);
  const commits = new CommitTimes(table);
  await commits.start();
  await delay(measureMs);
  const givesUpAt = performance.now() + STANDSTILL_MS;
  while (commits.count === 0) {
    if (performance.now() > givesUpAt) throw new Error(`Nothing was stored in ${table}`);
    await delay(LOOK_EVERY_MS);
  }
  return commits.stop();
}
