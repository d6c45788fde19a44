import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicDifferences, topicsFileSchema } from './topic-declaration';

const DECLARED = {
  partitions: 12,
  replicationFactor: 3,
  config: { 'cleanup.policy': 'delete', 'retention.ms': '604800000' },
};
const FACTS = { ...DECLARED, config: { ...DECLARED.config, 'max.message.bytes': '1' } };

describe('a declared topic', () => {
  it('is as declared where everything that is declared is so', () => {
    expect(topicDifferences(DECLARED, FACTS)).toEqual([]);
  });

  it('tells each difference, what is and what should be', () => {
    const facts = { partitions: 3, replicationFactor: 1, config: { 'cleanup.policy': 'compact' } };
    expect(topicDifferences(DECLARED, facts)).toEqual([
      'partitions is 3, not 12',
      'replication factor is 1, not 3',
      'cleanup.policy is compact, not delete',
      'retention.ms is unknown, not 604800000',
    ]);
  });

  it('is one of two in conf/topics.json, kept a week and a month', () => {
    const file = join(__dirname, '..', '..', '..', '..', 'conf', 'topics.json');
    const { topics } = topicsFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const same = {
      partitions: 12,
      replicationFactor: 3,
      localReplicationFactor: 1,
      config: { 'cleanup.policy': 'delete', 'max.message.bytes': '1048576' },
    };
    expect(topics).toMatchObject([
      { name: 'transactions-stream', ...same },
      { name: 'transactions-batch', ...same },
    ]);
    expect(topics.map(({ config }) => Number(config['retention.ms']) / 86_400_000)).toEqual([7, 30]);
  });
});
