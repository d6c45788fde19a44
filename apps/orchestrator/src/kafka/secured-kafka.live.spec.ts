import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaSecurityOf, kafkajsSecurity, sparkKafkaSecurity } from '@millrace/domain';
import type { KafkaSaslMechanism, KafkaSecurity } from '@millrace/domain';
import { SecuredKafka, requireEndpoints } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import { SparkSession } from 'spark-connect-js';
import { until } from '../until.fixture';
import { KafkajsTopics } from './kafkajs-topics';

jest.setTimeout(240_000);

const TOPIC = 'secured-events';
const { sparkConnect, sparkUi } = requireEndpoints();

let kafka: SecuredKafka;
let spark: SparkSession;

/** As an operator sets it. */
function security(
  mechanism: KafkaSaslMechanism,
  isTls: boolean,
  password = kafka.passwordOf(mechanism),
): KafkaSecurity {
  return kafkaSecurityOf(
    {
      KAFKA_SECURITY_PROTOCOL: isTls ? 'SASL_SSL' : 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_SASL_USERNAME: kafka.username,
      KAFKA_SASL_PASSWORD: password,
      KAFKA_SSL_CA_FILE: isTls ? kafka.caFile : undefined,
    },
    (path) => readFileSync(path, 'utf8'),
  );
}

const addressOf = (isTls: boolean) => (isTls ? kafka.overTls : kafka.inTheOpen);

const rowsOf = (mechanism: KafkaSaslMechanism, isTls: boolean, password?: string) =>
  spark.read
    .format('kafka')
    .option('kafka.bootstrap.servers', addressOf(isTls))
    .option('subscribe', TOPIC)
    .options(sparkKafkaSecurity(security(mechanism, isTls, password)))
    .load();

beforeAll(async () => {
  kafka = await SecuredKafka.start();
  spark = SparkSession.builder().remote(sparkConnect).build();
  const topics = new KafkajsTopics(kafka.inTheOpen, security('PLAIN', false));
  const topic = { name: TOPIC, partitions: 2, replicationFactor: 1, localReplicationFactor: 1, config: {} };
  expect(await topics.create(topic)).toBe(true);
  await topics.close();
  const client = new Kafka({
    brokers: [kafka.overTls],
    ...kafkajsSecurity(security('SCRAM-SHA-512', true)),
    logLevel: logLevel.NOTHING,
  });
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic: TOPIC, messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
  await producer.disconnect();
});

afterAll(async () => {
  await spark.stop();
  await kafka.stop();
});

describe.each([
  ['PLAIN', false],
  ['PLAIN', true],
  ['SCRAM-SHA-256', false],
  ['SCRAM-SHA-512', true],
] as const)('brokers that ask for %s (over TLS: %s)', (mechanism, isTls) => {
  it('let our clients in', async () => {
    const topics = new KafkajsTopics(addressOf(isTls), security(mechanism, isTls));
    const offsets = await topics.offsetsOf(TOPIC);
    expect(offsets?.reduce((sum, { end }) => sum + end, 0)).toBe(3);
    await topics.close();
  });

  it('let Spark in', async () => {
    expect(await rowsOf(mechanism, isTls).count()).toBe(3);
  });
});

describe('brokers that ask for a password', () => {
  it('refuse our clients without the right one, in a sentence that does not tell it', async () => {
    const topics = new KafkajsTopics(kafka.inTheOpen, security('PLAIN', false, 'guessed'));
    const refusal = expect(topics.offsetsOf(TOPIC)).rejects;
    await refusal.toThrow(/^Kafka at \S+ refuses: SASL PLAIN authentication failed/);
    await refusal.not.toThrow('guessed');
    await topics.close();
  });

  it('are not trusted without their certificate', async () => {
    const { protocol, sasl } = security('PLAIN', true);
    const topics = new KafkajsTopics(kafka.overTls, { protocol, ...(sasl && { sasl }) });
    await expect(topics.offsetsOf(TOPIC)).rejects.toThrow(/^Kafka does not answer/);
    await topics.close();
  });

  it('let a streaming query in, and nothing that Spark shows tells the password', async () => {
    const before = await executionIds();
    const checkpoint = await mkdtemp(join(tmpdir(), 'secured-'));
    const query = await spark.readStream
      .format('kafka')
      .option('kafka.bootstrap.servers', kafka.inTheOpen)
      .option('subscribe', TOPIC)
      .option('startingOffsets', 'earliest')
      .options(sparkKafkaSecurity(security('SCRAM-SHA-256', false)))
      .load()
      .writeStream.format('noop')
      .queryName('secured')
      .option('checkpointLocation', checkpoint)
      .start();
    await until(
      async () => ((await query.lastProgress()) as { numInputRows?: number } | null)?.numInputRows === 3,
    );
    await rowsOf('PLAIN', false).count();

    const shown = await shownByUi(before);
    for (const [page, text] of shown) expect([page, text.includes(kafka.secret)]).toEqual([page, false]);
    // It is there, and hidden: without that the pages would prove nothing.
    expect(shown.get('/connect/')).toContain('(redacted)');
    expect(shown.get(`/connect/session/?id=${spark.sessionId}`)).toContain('(redacted)');
    expect(shown.get('/SQL/')).toContain('count');
    expect(shown.get('/StreamingQuery/')).toContain('secured');
    await query.stop();
    await rm(checkpoint, { recursive: true });
  });
});

const textOf = async (path: string) => (await fetch(`${sparkUi}${path}`)).text();

async function restApi(): Promise<string> {
  const [{ id }] = JSON.parse(await textOf('/api/v1/applications')) as [{ id: string }];
  return `/api/v1/applications/${id}`;
}

async function executionIds(): Promise<number[]> {
  const executions = JSON.parse(await textOf(`${await restApi()}/sql?details=false&length=100000`)) as {
    id: number;
  }[];
  return executions.map(({ id }) => id);
}

/** The text of every page that tells of queries, with the details of those that ran after `before`, and of the REST API. */
async function shownByUi(before: readonly number[]): Promise<ReadonlyMap<string, string>> {
  const api = await restApi();
  const fresh = (await executionIds()).filter((id) => !before.includes(id));
  const pages = [
    ...['/jobs/', '/stages/', '/SQL/', '/StreamingQuery/', '/connect/', '/environment/'],
    ...[`${api}/jobs`, `${api}/environment`, `${api}/sql?details=true&planDescription=true&length=100000`],
    ...fresh.map((id) => `/SQL/execution/?id=${String(id)}`),
    `/connect/session/?id=${spark.sessionId}`,
  ];
  const shown = new Map<string, string>();
  // One after the other: a page with a plan costs the server a good deal.
  for (const page of pages) shown.set(page, await textOf(page));
  return shown;
}
