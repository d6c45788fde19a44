import { ServiceUnavailable, tablePaths } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import { SparkSession } from 'spark-connect-js';
import type { PartitionOffsets } from '../kafka/kafka-topics';
import { SourceWatch } from './source-watch';

const TOPIC = 'transactions-stream';
const HELD = [{ partition: 0, first: 0, end: 12 }];
const [events] = transactionsPipeline.queries;
if (events?.kind !== 'events') throw new Error('The first query reads the topic');

/** Never asked: the query on the topic reads no table. */
const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();

afterAll(() => spark.close());

const watchOf = (answers: readonly (() => Promise<readonly PartitionOffsets[] | undefined>)[]) => {
  const left = [...answers];
  const offsetsOf = () => left.shift()?.() ?? Promise.reject(new Error('asked too often'));
  return new SourceWatch({ offsetsOf }, tablePaths('/data'));
};

describe('a look at the topic', () => {
  it('keeps what it holds, until the next look', async () => {
    const watch = watchOf([() => Promise.resolve(HELD)]);
    expect(watch.sourceOf(events, TOPIC)).toEqual({ kind: 'topic', topic: TOPIC, seen: undefined });
    await watch.look(spark, TOPIC, [events]);
    expect(watch.sourceOf(events, TOPIC)).toMatchObject({ seen: { held: HELD } });
  });

  it('fails nobody while Kafka does not answer, and forgets what is not known any more', async () => {
    const watch = watchOf([
      () => Promise.resolve(HELD),
      () => Promise.reject(new ServiceUnavailable('Kafka does not answer')),
    ]);
    await watch.look(spark, TOPIC, [events]);
    await watch.look(spark, TOPIC, [events]);
    expect(watch.sourceOf(events, TOPIC)).toMatchObject({ seen: { reason: 'Kafka does not answer' } });
  });

  it('tells that the topic is gone', async () => {
    const watch = watchOf([() => Promise.resolve(undefined)]);
    await watch.look(spark, TOPIC, [events]);
    expect(watch.sourceOf(events, TOPIC)).toMatchObject({ seen: { reason: `Kafka has no topic ${TOPIC}` } });
  });
});
