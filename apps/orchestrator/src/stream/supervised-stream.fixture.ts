import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablePaths } from '@millrace/domain';
import type { StreamQueryRecord, StreamRecord, TablePaths } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import { InMemoryStreamRegistry, SAMPLE_TRANSACTION_EVENT, requireEndpoints } from '@millrace/testing';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { SparkSession } from 'spark-connect-js';
import { KafkajsTopics } from '../kafka/kafkajs-topics';
import { ensureTable } from '../spark/delta-table';
import { SparkConnection } from '../spark/spark-connection';
import { until } from '../until.fixture';
import type { WindowOutputMode } from './output-mode';
import { QueryRunner } from './query-runner';
import { streamSupervisor } from './stream-parts';
import type { StreamSupervisor } from './stream-supervisor';

const STREAM = transactionsPipeline.name;
const LONGEST_WAIT_MS = 120_000;

export interface EventChanges {
  /** How old it is; a moment where it is absent. */
  readonly minutes?: number;
  /** Beside its own, or in place of them. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An event that keeps the contract. */
export const anEvent = ({ minutes = 0, fields = {} }: EventChanges = {}): string =>
  JSON.stringify({
    ...SAMPLE_TRANSACTION_EVENT,
    transaction_id: randomUUID(),
    event_timestamp: timeBefore(minutes).toISOString(),
    ...fields,
  });

const timeBefore = (minutes: number): Date => new Date(Date.now() - minutes * 60_000 - 1_000);

export const someEvents = (count: number): string[] => Array.from({ length: count }, () => anEvent());

export interface SupervisedSettings {
  readonly mostFailures?: number;
  readonly maxOffsetsPerTrigger?: number;
  readonly windowOutputMode?: WindowOutputMode;
  /** Whether the stream is looked after once it is started; true unless told. */
  readonly isWatched?: boolean;
  /** Changes where the tables are, for the queries only. */
  readonly changePaths?: (paths: TablePaths) => TablePaths;
}

/** The streams of an orchestrator of its own: its session, folder, topic and registry, on the servers of the stack. */
export class SupervisedStream {
  readonly registry = new InMemoryStreamRegistry();
  readonly topic = `supervised-${randomUUID()}`;
  private readonly kafka = new Kafka({ brokers: [requireEndpoints().kafka], logLevel: logLevel.NOTHING });
  private readonly topics = new KafkajsTopics(requireEndpoints().kafka);
  private readonly connection = new SparkConnection(requireEndpoints().sparkConnect, this.registry);
  private supervised: StreamSupervisor;

  private constructor(
    readonly folder: string,
    readonly paths: TablePaths,
    private settings: SupervisedSettings,
  ) {
    this.connection.onOpened(async (spark) => {
      for (const plan of transactionsPipeline.queries) {
        await ensureTable(spark, { ...plan.table, path: paths[plan.table.path] });
      }
    });
    this.supervised = this.aSupervisor();
  }

  static async open(settings: SupervisedSettings = {}): Promise<SupervisedStream> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-supervised-'));
    const stream = new SupervisedStream(folder, tablePaths(join(folder, 'delta')), settings);
    await stream.createTopic();
    stream.connection.start();
    await until(() => stream.connection.isUp, LONGEST_WAIT_MS);
    if (settings.isWatched ?? true) stream.supervisor.watch();
    return stream;
  }

  get supervisor(): StreamSupervisor {
    return this.supervised;
  }

  async close(): Promise<void> {
    await this.supervisor.drain({ forGood: true });
    const spark = this.connection.require();
    await this.deleteTopic();
    await this.topics.close();
    await spark.stop();
    await this.connection.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** As a restart of the orchestrator that finds its queries ended: the registry keeps what it says. */
  async restartAfter(whileDown: () => Promise<void>, changed: SupervisedSettings = {}): Promise<void> {
    await this.supervisor.drain({ forGood: false });
    await whileDown();
    this.replaceSupervisor(changed);
  }

  /** As a restart of the orchestrator that finds its queries running; for a stream that was not watched. */
  replaceSupervisor(changed: SupervisedSettings = {}): void {
    this.settings = { ...this.settings, ...changed };
    this.supervised = this.aSupervisor();
    this.supervised.watch();
  }

  /** As a restart of Spark: the session ends on the server, and its queries with it. */
  async endSession(): Promise<void> {
    const { userId, sessionId } = (await this.registry.loadSession()) ?? {};
    const remote = `${requireEndpoints().sparkConnect}/;user_id=${String(userId)};session_id=${String(sessionId)}`;
    const same = SparkSession.builder().remote(remote).build();
    await same.release();
    await same.close();
  }

  async createTopic(): Promise<void> {
    await this.asAdmin((admin) =>
      admin.createTopics({
        topics: [{ topic: this.topic, numPartitions: 2, replicationFactor: 1 }],
        waitForLeaders: true,
      }),
    );
  }

  async deleteTopic(): Promise<void> {
    await this.asAdmin((admin) => admin.deleteTopics({ topics: [this.topic] }));
    await until(async () => (await this.topics.offsetsOf(this.topic)) === undefined);
  }

  async produce(values: readonly string[], partition = 0): Promise<void> {
    const producer = this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({
      topic: this.topic,
      acks: -1,
      messages: values.map((value) => ({ value, partition })),
    });
    await producer.disconnect();
  }

  /** As the retention does it. */
  async deleteRecordsBefore(offset: number, partition = 0): Promise<void> {
    await this.asAdmin(async (admin) => {
      // kafkajs deletes only from topics whose leaders it has looked up before.
      await admin.fetchTopicOffsets(this.topic);
      await admin.deleteTopicRecords({
        topic: this.topic,
        partitions: [{ partition, offset: String(offset) }],
      });
    });
  }

  async record(): Promise<StreamRecord> {
    const record = await this.registry.find(STREAM);
    if (record === undefined) throw new Error('The stream was never started');
    return record;
  }

  async query(name: string): Promise<StreamQueryRecord | undefined> {
    return (await this.registry.find(STREAM))?.queries.find((query) => query.name === name);
  }

  /** Waits until the query is as wanted. */
  async untilQuery(
    name: string,
    isAsWanted: (query: StreamQueryRecord) => boolean,
  ): Promise<StreamQueryRecord> {
    let found: StreamQueryRecord | undefined;
    await until(async () => {
      found = await this.query(name);
      return found !== undefined && isAsWanted(found);
    }, LONGEST_WAIT_MS).catch((error: unknown) => {
      throw new Error(`The query is not as wanted: ${JSON.stringify(found)}`, { cause: error });
    });
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  async untilStopped(): Promise<void> {
    await until(async () => (await this.record()).desired === 'STOPPED', LONGEST_WAIT_MS);
  }

  /** The value of an SQL expression over all rows of a table. */
  async valueOf(path: string, expression: string): Promise<number> {
    const rows = await this.connection.require().sql(`SELECT ${expression} AS value FROM delta.\`${path}\``);
    const [row] = await rows.collect();
    return Number(row?.['value'] ?? 0);
  }

  private async asAdmin(work: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  private aSupervisor(): StreamSupervisor {
    const { changePaths = (paths: TablePaths) => paths, mostFailures = 10 } = this.settings;
    const paths = changePaths(this.paths);
    const runner = new QueryRunner(paths, {
      ...{ bootstrapServers: requireEndpoints().kafka, groupIdPrefix: 'supervised-spec' },
      ...{ maxOffsetsPerTrigger: this.settings.maxOffsetsPerTrigger ?? 10_000, tasksPerMicroBatch: 2 },
      ...{ deduplication: { horizonSeconds: 1_800 } },
      windowOutputMode: this.settings.windowOutputMode ?? 'update',
    });
    const { connection, registry, topics } = this;
    return streamSupervisor(
      { connection, registry, topics, pipeline: transactionsPipeline, paths, runner },
      { mostFailures },
    );
  }
}
