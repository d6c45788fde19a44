import { ServiceUnavailable } from '@millrace/domain';
import type { TopicDeclaration, TopicFacts } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { CheckTopics } from './check-topics';
import type { TopicAdmin } from './kafka-topics';

const STREAM: TopicDeclaration = {
  name: 'transactions-stream',
  partitions: 12,
  replicationFactor: 3,
  localReplicationFactor: 1,
  config: { 'retention.ms': '604800000' },
};
const BATCH = { ...STREAM, name: 'transactions-batch' };

/** Brokers in memory. */
class Brokers implements TopicAdmin {
  readonly topics = new Map<string, TopicFacts>();
  readonly asked: string[] = [];
  away: Error | undefined;

  close(): Promise<void> {
    return Promise.resolve();
  }

  factsOf(topic: string, settings: readonly string[]): Promise<TopicFacts | undefined> {
    if (this.away !== undefined) return Promise.reject(this.away);
    this.asked.push(...settings);
    return Promise.resolve(this.topics.get(topic));
  }

  refusal: Error | undefined;

  create({ name, ...facts }: TopicDeclaration): Promise<boolean> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    this.topics.set(name, facts);
    return Promise.resolve(true);
  }
}

let brokers: Brokers;
let check: CheckTopics;
const logged: unknown[] = [];

beforeEach(() => {
  logged.length = 0;
  const ignored = () => undefined;
  Logger.overrideLogger({ log: ignored, error: ignored, warn: (text: unknown) => logged.push(text) });
  brokers = new Brokers();
  check = new CheckTopics(brokers, [STREAM, BATCH]);
});

afterEach(() => {
  Logger.overrideLogger(false);
});

describe('the check of the topics', () => {
  it('makes those that are missing, as they are declared', async () => {
    await check.round();
    expect([...brokers.topics.keys()]).toEqual(['transactions-stream', 'transactions-batch']);
    expect(brokers.topics.get('transactions-stream')).toMatchObject({ partitions: 12, replicationFactor: 3 });
    await check.round();
    expect(check.warnings).toEqual([]);
    expect(logged).toEqual([]);
  });

  it('warns of one that is not as declared, once in the log, and leaves it alone', async () => {
    const facts = { partitions: 3, replicationFactor: 3, config: { 'retention.ms': '1000' } };
    brokers.topics.set(STREAM.name, facts);
    await check.round();
    await check.round();
    expect(check.warnings).toEqual([
      'Topic transactions-stream is not as declared: partitions is 3, not 12; retention.ms is 1000, not 604800000. ' +
        'Millrace changes no topic that exists: change it, or conf/topics.json',
    ]);
    expect(logged).toEqual(check.warnings);
    expect(brokers.topics.get(STREAM.name)).toBe(facts);
  });

  it('takes the warning back when the topic has been mended', async () => {
    brokers.topics.set(STREAM.name, { partitions: 3, replicationFactor: 3, config: STREAM.config });
    await check.round();
    brokers.topics.set(STREAM.name, { partitions: 12, replicationFactor: 3, config: STREAM.config });
    await check.round();
    expect(check.warnings).toEqual([]);
  });

  it('says why one that is missing cannot be made', async () => {
    brokers.refusal = new ServiceUnavailable('Kafka at 127.0.0.1:1 refuses: not authorized');
    await check.round();
    expect(check.warnings[0]).toBe(
      'Topic transactions-stream is missing and cannot be made: Kafka at 127.0.0.1:1 refuses: not authorized. ' +
        'Make it, or let this user make topics; on a cluster of few brokers set KAFKA_REPLICATION_FACTOR',
    );
  });

  it('says that it could not look while Kafka is away, and looks when it is back', async () => {
    brokers.away = new ServiceUnavailable('Kafka does not answer at 127.0.0.1:1');
    await check.round();
    expect(check.warnings).toHaveLength(2);
    expect(check.warnings[0]).toBe(
      'Topic transactions-stream could not be checked: Kafka does not answer at 127.0.0.1:1',
    );
    brokers.away = undefined;
    await check.round();
    expect(check.warnings).toEqual([]);
    expect(brokers.topics.size).toBe(2);
  });
});
