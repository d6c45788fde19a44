import { randomUUID } from 'node:crypto';
import { exclusiveLease, migrate, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { freshDatabase } from '@millrace/registry/testing';
import type { FreshDatabase } from '@millrace/registry/testing';
import { requireEndpoints } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';
import { readRejectsConfig } from './config';
import { RejectsFixture } from './rejects.fixture';
import type { SpecReject } from './rejects.fixture';
import { runRejectsCommand } from './run-rejects-command';

jest.setTimeout(120_000);

const { kafka: bootstrapServers } = requireEndpoints();
const kafka = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING });
const admin = kafka.admin();

let database: FreshDatabase;
let registry: Registry;
let rejects: RejectsFixture;
let topic: string;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.url);
  registry = openRegistry({ databaseUrl: database.url, maxConnections: 2, applicationName: 'replay-spec' });
  await admin.connect();
});

afterAll(async () => {
  await admin.disconnect();
  await registry.close();
  await database.drop();
});

beforeEach(async () => {
  topic = `replay-spec-${randomUUID()}`;
  const configEntries = [{ name: 'max.message.bytes', value: '20000' }];
  await admin.createTopics({ topics: [{ topic, numPartitions: 3, configEntries }], waitForLeaders: true });
  rejects = await RejectsFixture.create();
});

afterEach(async () => {
  await rejects.close();
  await admin.deleteTopics({ topics: [topic] });
});

const reject = (...all: readonly SpecReject[]) => rejects.reject(...all.map((one) => ({ topic, ...one })));

async function run(args: readonly string[], brokers = bootstrapServers) {
  const output = { out: '', note: '' };
  const environment = {
    DATABASE_URL: database.url,
    DELTA_BASE_PATH: rejects.folder,
    KAFKA_BOOTSTRAP_SERVERS: brokers,
  };
  const code = await runRejectsCommand(
    ['replay', ...args],
    () => readRejectsConfig(environment, rejects.folder),
    { out: (text) => (output.out += text), note: (text) => (output.note += text) },
    new AbortController().signal,
  );
  return { code, ...output };
}

async function topicSize(): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

/** Everything that the topic holds. */
async function messages(): Promise<(KafkaMessage & { readonly partition: number })[]> {
  const expected = await topicSize();
  const consumer = kafka.consumer({ groupId: `replay-spec-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const found: (KafkaMessage & { readonly partition: number })[] = [];
  await new Promise<void>((resolve, reject_) => {
    consumer
      .run({
        eachMessage: ({ message, partition }) => {
          found.push({ ...message, partition });
          if (found.length === expected) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject_);
  });
  await consumer.disconnect();
  return found.sort(
    (one, other) => one.partition - other.partition || Number(one.offset) - Number(other.offset),
  );
}

describe('npm run rejects on a real Kafka', () => {
  it('sends bytes and key as they were to the partition where they were, and says what they are a copy of', async () => {
    await reject(
      { offset: 70, partition: 0, value: "'\\xFF\\x00'::BLOB" },
      { offset: 71, partition: 0, key: 'NULL::BLOB', value: 'NULL::BLOB' },
      { offset: 9, partition: 2 },
    );
    const { code, out, note } = await run(['--all', '--json']);
    expect([code, note]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      reasons: [{ matching: 3, sentBefore: 0, sent: 3 }],
      refused: [],
    });
    const sent = await messages();
    const header = (message: KafkaMessage) => message.headers?.['millrace-replay-of']?.toString();
    expect(sent.map((message) => [message.partition, message.key, message.value, header(message)])).toEqual([
      [0, Buffer.from('k'), Buffer.from([0xff, 0x00]), `${topic}/0/70`],
      [0, null, null, `${topic}/0/71`],
      [2, Buffer.from('k'), Buffer.from('event 9'), `${topic}/2/9`],
    ]);
    const copies = sent.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }));
    const origins = (await registry.rejectReplays.find(copies)).map(({ partition, offset }) => [
      partition,
      offset,
    ]);
    expect(origins).toEqual([
      [0, 70],
      [0, 71],
      [2, 9],
    ]);
  });

  it('sends each event once, however often it is run', async () => {
    await reject({ offset: 0 }, { offset: 1 }, { offset: 2, reason: 'city: empty' });
    const dry = await run(['--topic', topic, '--dry-run']);
    expect(dry.out).toContain('3 events would be sent again');
    expect(await topicSize()).toBe(0);
    expect((await run(['--reason', 'city: empty'])).out).toContain('1 event sent again');
    expect((await run(['--all'])).out).toContain('2 events sent again');
    expect((await run(['--all'])).out).toContain('0 events sent again');
    expect(await topicSize()).toBe(3);
  });

  it('names what the topic does not take, sends the rest, and ends with exit code 1', async () => {
    await reject({ offset: 0 }, { offset: 1, value: "repeat('x', 300000)::BLOB" }, { offset: 2 });
    const { code, out } = await run(['--all']);
    expect(code).toBe(1);
    expect(out).toContain(`not sent: ${topic}, partition 0, offset 1: larger than the topic ${topic} takes`);
    expect(out).toContain('2 events sent again');
    expect(await topicSize()).toBe(2);
  });

  it('says in one sentence that Kafka is away, or a topic is gone, and sends all when it is back', async () => {
    await reject({ offset: 0 }, { offset: 1 });
    const away = await run(['--all'], '127.0.0.1:1');
    expect([away.code, away.out]).toEqual([2, '']);
    expect(away.note).toMatch(
      /^Kafka at 127\.0\.0\.1:1 did not take the events \(.+\): run this again[^\n]+\n$/,
    );
    await rejects.reject({ offset: 0, topic: 'gone', rejectedAt: '2025-01-15 09:00:00' });
    const gone = await run(['--topic', 'gone']);
    expect([gone.code, gone.note]).toEqual([
      2,
      'There is no topic gone any more: make it, or leave its events out (--topic)\n',
    ]);
    expect((await run(['--topic', topic])).out).toContain('2 events sent again');
    expect(await topicSize()).toBe(2);
  });

  it('puts an event that was in a partition that is no more into another one', async () => {
    await reject({ offset: 0, partition: 7 });
    expect((await run(['--all'])).code).toBe(0);
    expect((await messages()).map(({ partition }) => partition)).toEqual([1]);
  });

  it('does nothing while another one is at it', async () => {
    await reject({ offset: 0 });
    const lease = exclusiveLease(database.url, 'rejects-replay');
    expect(await lease.acquire(0)).toBe(true);
    expect(await run(['--all'])).toEqual({
      code: 2,
      out: '',
      note: 'Another replay of rejects is under way: wait until it has ended\n',
    });
    expect(await topicSize()).toBe(0);
    await lease.release();
    expect((await run(['--all'])).code).toBe(0);
  });
});
