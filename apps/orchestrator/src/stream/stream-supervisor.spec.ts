import { tablePaths } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import { aStreamQuery, InMemoryStreamRegistry } from '@millrace/testing';
import { SparkConnection } from '../spark/spark-connection';
import { QueryRunner } from './query-runner';
import { streamSupervisor } from './stream-parts';

const paths = tablePaths('/data');

/** Over a Spark that has not answered. */
function supervisorOf(registry: InMemoryStreamRegistry) {
  const runner = new QueryRunner(paths, {
    ...{ bootstrapServers: '127.0.0.1:1', groupIdPrefix: 'spec', maxOffsetsPerTrigger: 1 },
    ...{ tasksPerMicroBatch: 1, deduplication: { horizonSeconds: 0 }, windowOutputMode: 'update' },
  });
  const connection = new SparkConnection('sc://127.0.0.1:1', registry);
  const topics = { offsetsOf: () => Promise.resolve([{ partition: 0, first: 0, end: 0 }]) };
  return streamSupervisor(
    { connection, registry, topics, pipeline: transactionsPipeline, paths, runner },
    { mostFailures: 10 },
  );
}

describe('while Spark is down', () => {
  const asked = { topic: 'transactions-stream', analyses: [], mode: 'continuous' } as const;

  it('a start is refused and leaves nothing behind', async () => {
    const registry = new InMemoryStreamRegistry();
    await expect(supervisorOf(registry).start(asked)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await registry.list()).toEqual([]);
  });

  it('no gap is accepted', async () => {
    const registry = new InMemoryStreamRegistry();
    await registry.requestStart('transactions', asked.topic, new Date());
    const accepted = supervisorOf(registry).continueBehind([`${asked.topic}/0/0-1`]);
    await expect(accepted).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('a stop is noted, in the records of the queries too', async () => {
    const registry = new InMemoryStreamRegistry();
    await registry.requestStart('transactions', asked.topic, new Date());
    await registry.saveQuery('transactions', aStreamQuery({ isActive: true }));
    await supervisorOf(registry).stop();
    const stream = await registry.find('transactions');
    expect(stream?.desired).toBe('STOPPED');
    expect(stream?.queries).toMatchObject([{ isActive: false, statusMessage: null }]);
  });
});
