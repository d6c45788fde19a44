import { ServiceUnavailable } from '@millrace/domain';
import { parseBody } from '@millrace/platform';
import type { KafkaTopics, PartitionOffsets } from '../kafka/kafka-topics';
import { ResolveSource, sourceRequestSchema } from './resolve-source';

class KnownTopics implements KafkaTopics {
  constructor(private readonly topics: Readonly<Record<string, readonly PartitionOffsets[]>>) {}

  offsetsOf(topic: string): Promise<readonly PartitionOffsets[] | undefined> {
    return Promise.resolve(this.topics[topic]);
  }
}

const sources = new ResolveSource(
  new KnownTopics({ sales: [{ partition: 0, first: 3, end: 9 }] }),
  {
    require: () => {
      throw new ServiceUnavailable('Spark is not available: it has not answered yet');
    },
  },
  { transactions: '/data/stream/transactions', seed: '/data/seed/transactions' },
);

const resolve = async (body: unknown) => sources.resolve(parseBody(sourceRequestSchema, body));

describe('resolving a source', () => {
  it('turns words of a topic into numbers', async () => {
    const body = { source: 'kafka', topic: 'sales', startOffset: 'earliest', endOffset: { '0': 5 } };
    await expect(resolve(body)).resolves.toEqual({ start: { '0': 3 }, end: { '0': 5 } });
  });

  it.each<[unknown, { path: string; message?: string }]>([
    [
      { source: 'kafka', topic: 'sale', startOffset: 'earliest', endOffset: 'latest' },
      { path: 'topic', message: 'does not exist in Kafka' },
    ],
    [{ source: 'kafka', topic: '', startOffset: 'earliest', endOffset: 'latest' }, { path: 'topic' }],
    [
      { source: 'kafka', topic: 'sales', startOffset: 'latest', endOffset: 'latest' },
      { path: 'startOffset' },
    ],
    [
      { source: 'kafka', topic: 'sales', startOffset: 'earliest', endOffset: 'earliest' },
      { path: 'endOffset' },
    ],
    [
      { source: 'kafka', topic: 'sales', startOffset: { '0': 2 }, endOffset: 'latest' },
      { path: 'startOffset' },
    ],
    [{ source: 'kafka', topic: 'sales', startOffset: 'earliest' }, { path: 'endOffset' }],
    [{ source: 'delta', sourceVersion: -1 }, { path: 'sourceVersion' }],
    [
      { source: 'delta', sourceVersion: 1, sourceTimestamp: '2025-01-01T00:00:00Z' },
      { path: 'sourceTimestamp' },
    ],
    [{ source: 'delta', sourceTimestamp: '2025-01-01' }, { path: 'sourceTimestamp' }],
    [{ source: 'delta', topic: 'sales' }, { path: 'topic' }],
    [{ source: 'elsewhere' }, { path: 'source' }],
    [{}, { path: 'source' }],
  ])('refuses %j and names the field', async (body, detail) => {
    await expect(resolve(body)).rejects.toMatchObject({ code: 'INVALID_REQUEST', details: [detail] });
  });

  it('needs Spark for a table, and says so', async () => {
    await expect(resolve({ source: 'delta', sourceVersion: 1 })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});
