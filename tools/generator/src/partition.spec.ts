import { Partitioners } from 'kafkajs';
import { asciiKeyPartitioner } from './partition';
import { Random } from './random';

const partitions = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));

describe('asciiKeyPartitioner', () => {
  it('chooses as kafkajs, and so as every Kafka client, does', () => {
    const [ours, theirs] = [asciiKeyPartitioner(), Partitioners.DefaultPartitioner()];
    const random = Random.of('keys');
    const keys = [
      '',
      'a',
      'ab',
      'abc',
      'abcd',
      'abcde',
      ...Array.from({ length: 2000 }, () => random.uuid()),
    ];
    for (const count of [1, 3, 12]) {
      const choose = (partitioner: typeof ours) =>
        keys.map((key) =>
          partitioner({ topic: 't', partitionMetadata: partitions(count), message: { key, value: '' } }),
        );
      expect(choose(ours)).toEqual(choose(theirs));
    }
  });
});
