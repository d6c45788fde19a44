import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { javaCommand } from '@millrace/testing';
import { withStack } from '../stack';
import { median } from '../statistics';
import type { BenchContext, Suite } from '../suite';
import { fillTopic } from '../stream/filled-topic';
import { deleteTopic, makeTopic } from '../stream/made-topic';

const run = promisify(execFile);
const KAFKA_JARS = resolve(__dirname, '..', '..', '..', '..', 'infra', 'kafka', 'target', 'jars', '*');
const RATE = /([\d.]+) records\/sec/g;

/** Bytes of the key and value of a mean event. */
const EVENT_BYTES = 850;

/** How fast the generator sends, from its start to its end, against what Kafka's own test of a producer sends of the same size. */
export const generatorSuite: Suite = {
  summary: "events per second of the generator against Kafka's producer-perf-test",
  run: (context) =>
    withStack(context, ({ endpoints }) =>
      compare(context, endpoints.kafka, context.isQuick ? 2_000 : 1_000_000),
    ),
};

async function compare({ output, isQuick }: BenchContext, broker: string, events: number): Promise<void> {
  const rates = { reference: [] as number[], ours: [] as number[] };
  const rounds = isQuick ? 1 : 3;
  for (let round = 1; round <= rounds; round++) {
    output.progress(`round ${round}: producer-perf-test`);
    rates.reference.push(await withTopic(broker, (topic) => ofReference(broker, topic, events)));
    output.progress(`round ${round}: generator`);
    rates.ours.push(await withTopic(broker, (topic) => ofGenerator(broker, topic, events)));
  }
  const [ours, reference] = [median(rates.ours), median(rates.reference)];
  output.section(`${events} events, ${rounds} rounds, medians`);
  output.row('', ['events/s']);
  output.row(`producer-perf-test, ${EVENT_BYTES} bytes each`, [reference.toFixed(0)]);
  output.row('generator, its start included', [ours.toFixed(0)]);
  output.goal('generator', ours, { atLeast: 50_000, unit: '/s' }, 0);
  output.fact('generator / producer-perf-test', (ours / reference).toFixed(3));
}

/** The mean that it says itself, which is without the start of its JVM. */
async function ofReference(broker: string, topic: string, events: number): Promise<number> {
  const settings = [`bootstrap.servers=${broker}`, 'acks=all', 'linger.ms=5', `batch.size=${256 * 1024}`];
  const size = ['--num-records', String(events), '--record-size', String(EVENT_BYTES), '--throughput', '-1'];
  const args = ['--topic', topic, ...size, '--producer-props', ...settings];
  const { stdout } = await run(javaCommand(), [
    ...['-cp', KAFKA_JARS, 'org.apache.kafka.tools.ProducerPerformance'],
    ...args,
  ]);
  const rate = [...stdout.matchAll(RATE)].at(-1)?.[1];
  if (rate === undefined) throw new Error(`producer-perf-test named no rate: ${stdout.slice(-500)}`);
  return Number(rate);
}

/** Of its own, and gone afterwards: a million events are most of a gigabyte. */
async function withTopic(broker: string, measure: (topic: string) => Promise<number>): Promise<number> {
  const topic = `bench-${randomUUID()}`;
  await makeTopic(broker, topic);
  try {
    return await measure(topic);
  } finally {
    await deleteTopic(broker, topic);
  }
}

async function ofGenerator(broker: string, topic: string, events: number): Promise<number> {
  const startedAtMs = performance.now();
  await fillTopic(broker, topic, events);
  return events / ((performance.now() - startedAtMs) / 1_000);
}
