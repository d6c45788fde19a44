import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tablePaths } from '@millrace/domain';
import { SparkSession } from 'spark-connect-js';
import type { DataStreamWriter } from 'spark-connect-js';
import type { MeasuredStack } from '../stack';
import { withStack } from '../stack';
import { median } from '../statistics';
import type { BenchContext, Suite } from '../suite';
import { bareWriter, makeBareTable, topicRows } from './bare-stream';
import { fillTopic } from './filled-topic';
import { TASKS_PER_MICRO_BATCH, rawWriter } from './raw-query';
import { cpuSeconds } from './spark-process';

const HORIZON_SECONDS = 1_800;

interface Run {
  readonly eventsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
}

type Variant = (
  spark: SparkSession,
  stack: MeasuredStack,
  topic: string,
  folder: string,
) => Promise<DataStreamWriter>;

const VARIANTS: Readonly<Record<'bare' | 'raw' | 'deduplicated', Variant>> = {
  bare: async (spark, { endpoints }, topic, folder) => {
    await makeBareTable(spark, tablePaths(folder).transactions);
    return bareWriter(topicRows(spark, endpoints.kafka, topic).coalesce(TASKS_PER_MICRO_BATCH));
  },
  raw: rawVariant(0),
  deduplicated: rawVariant(HORIZON_SECONDS),
};

/** The raw stream against a query of one statement, on the same topic in the same Spark. */
export const ingestSuite: Suite = {
  summary: 'events per second of the raw stream against a bare Spark query',
  run: (context) =>
    withStack(context, async (stack) => {
      const events = context.isQuick ? 2_000 : 1_000_000;
      const topic = `bench-${randomUUID()}`;
      context.output.progress(`sending ${events} events`);
      await fillTopic(stack.endpoints.kafka, topic, events);
      await compare(context, stack, topic, events);
    }),
};

async function compare(
  { output, isQuick }: BenchContext,
  stack: MeasuredStack,
  topic: string,
  events: number,
): Promise<void> {
  const runs = { bare: [], raw: [], deduplicated: [] } as Record<keyof typeof VARIANTS, Run[]>;
  const names = Object.keys(runs) as (keyof typeof VARIANTS)[];
  // Round 0 warms the code up and is not counted.
  for (let round = isQuick ? 1 : 0; round <= (isQuick ? 1 : 3); round++) {
    for (const name of names) {
      output.progress(`round ${round}: ${name}`);
      const run = await measure(stack, VARIANTS[name], topic, events);
      if (round > 0) runs[name].push(run);
    }
    names.push(...names.splice(0, 1));
  }
  output.section(`${events} events, ${runs.bare.length} rounds, medians`);
  output.row('', ['events/s', 'CPU s/million']);
  output.row('bare query, Delta sink', figures(runs.bare));
  output.row('raw stream, no deduplication', figures(runs.raw));
  output.row('raw stream, deduplicated', figures(runs.deduplicated));
  const ratio = (ours: readonly Run[]) => rate(ours) / rate(runs.bare);
  output.goal('raw stream / bare query', ratio(runs.raw), { atLeast: 0.95, unit: 'x' }, 3);
  output.goal('deduplicated / bare query', ratio(runs.deduplicated), { atLeast: 0.85, unit: 'x' }, 3);
}

const rate = (runs: readonly Run[]) => median(runs.map(({ eventsPerSecond }) => eventsPerSecond));

function figures(runs: readonly Run[]): string[] {
  const cpu = median(runs.map(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion));
  return [rate(runs).toFixed(0), cpu.toFixed(1)];
}

/** Reads the whole topic, micro-batch after micro-batch, into a table of its own. */
async function measure(stack: MeasuredStack, variant: Variant, topic: string, events: number): Promise<Run> {
  const spark = SparkSession.builder().remote(stack.endpoints.sparkConnect).build();
  const folder = join(stack.deltaBasePath, 'bench', randomUUID());
  const table = tablePaths(folder).transactions;
  try {
    await spark.conf.set('spark.sql.streaming.noDataMicroBatches.enabled', 'false');
    const pooled = spark.withSchedulerPool('streaming-pool');
    const writer = await variant(pooled, stack, topic, folder);
    const cpuBefore = await cpuSeconds(stack);
    const startedAtMs = performance.now();
    const query = await writer
      .option('checkpointLocation', join(folder, 'checkpoint'))
      .trigger({ availableNow: true })
      .start(table);
    await query.awaitTermination();
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const cpu = (await cpuSeconds(stack)) - cpuBefore;
    await assertStored(spark, table, events);
    return { eventsPerSecond: events / seconds, cpuSecondsPerMillion: (cpu / events) * 1e6 };
  } finally {
    await spark.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function assertStored(spark: SparkSession, table: string, events: number): Promise<void> {
  const stored = await spark.read.format('delta').load(table).count();
  if (stored !== events) throw new Error(`${stored} of ${events} events were stored`);
}

function rawVariant(horizonSeconds: number): Variant {
  return (spark, { endpoints }, topic, folder) =>
    rawWriter(spark, { broker: endpoints.kafka, topic, tables: tablePaths(folder), horizonSeconds });
}
