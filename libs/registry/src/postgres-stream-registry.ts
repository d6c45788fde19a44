import type {
  DesiredState,
  StoredSession,
  StreamQueryRecord,
  StreamRecord,
  StreamRegistry,
} from '@millrace/domain';
import type { Pool } from 'pg';
import { Prisma } from './generated/client';
import type { PrismaClient, Stream, StreamQuery } from './generated/client';
import { answered } from './registry-error';
import { storableJson, storableText } from './storable-text';

/** The two changes of a stream are single statements, so that of two that race one wins; the rest is Prisma. */
const REQUEST_START = {
  name: 'stream-request-start',
  text: `INSERT INTO streams (name, desired, topic, start_time) VALUES ($1, 'RUNNING', $2, $3)
    ON CONFLICT (name) DO UPDATE
      SET desired = 'RUNNING', topic = EXCLUDED.topic, start_time = EXCLUDED.start_time
      WHERE streams.desired = 'STOPPED'`,
};
const REQUEST_STOP = {
  name: 'stream-request-stop',
  text: `UPDATE streams SET desired = 'STOPPED' WHERE name = $1 AND desired = 'RUNNING'`,
};

const WITH_QUERIES = { queries: { orderBy: { name: 'asc' } } } as const;
/** The table holds one row. */
const SESSION_ROW = 1;

/** Streams, their queries and the Spark session on Postgres. Every method throws ServiceUnavailable when it does not answer. */
export class PostgresStreamRegistry implements StreamRegistry {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaClient,
  ) {}

  async requestStart(name: string, topic: string, startTime: Date): Promise<boolean> {
    const values = [name, topic, startTime];
    return (await answered(() => this.pool.query({ ...REQUEST_START, values }))).rowCount === 1;
  }

  async requestStop(name: string): Promise<boolean> {
    return (await answered(() => this.pool.query({ ...REQUEST_STOP, values: [name] }))).rowCount === 1;
  }

  async find(name: string): Promise<StreamRecord | undefined> {
    const row = await answered(() =>
      this.prisma.stream.findUnique({ where: { name }, include: WITH_QUERIES }),
    );
    return row === null ? undefined : toStreamRecord(row);
  }

  /** By name. */
  async list(): Promise<StreamRecord[]> {
    const rows = await answered(() =>
      this.prisma.stream.findMany({ include: WITH_QUERIES, orderBy: { name: 'asc' } }),
    );
    return rows.map(toStreamRecord);
  }

  /** @throws Error when the stream was never started. */
  async saveQuery(streamName: string, query: StreamQueryRecord): Promise<void> {
    const row = { ...toColumns(query), streamName };
    await answered(() =>
      this.prisma.streamQuery.upsert({
        where: { streamName_name: { streamName, name: query.name } },
        create: row,
        update: row,
      }),
    );
  }

  async loadSession(): Promise<StoredSession | undefined> {
    const row = await answered(() => this.prisma.sparkSession.findUnique({ where: { id: SESSION_ROW } }));
    if (row === null) return undefined;
    const { userId, sessionId, serverSideSessionId } = row;
    return { userId, sessionId, serverSideSessionId };
  }

  async saveSession(session: StoredSession): Promise<void> {
    const { userId, sessionId, serverSideSessionId } = session;
    const row = { id: SESSION_ROW, userId, sessionId, serverSideSessionId };
    await answered(() =>
      this.prisma.sparkSession.upsert({ where: { id: SESSION_ROW }, create: row, update: row }),
    );
  }
}

function toColumns(query: StreamQueryRecord) {
  const text = (value: string | null) => value && storableText(value);
  return {
    name: query.name,
    queryId: query.queryId,
    runId: query.runId,
    checkpointPath: query.checkpointPath,
    tablePath: query.tablePath,
    isActive: query.isActive,
    statusMessage: text(query.statusMessage),
    lastProgress: query.lastProgress === null ? Prisma.JsonNull : storableJson(query.lastProgress),
    recentProgress: storableJson([...query.recentProgress]),
    errorMessage: text(query.errorMessage),
    restarts: query.restarts,
    updateTime: query.updateTime,
  };
}

function toStreamRecord({ queries, ...stream }: Stream & { queries: StreamQuery[] }): StreamRecord {
  return { ...stream, desired: stream.desired as DesiredState, queries: queries.map(toQueryRecord) };
}

function toQueryRecord(row: StreamQuery): StreamQueryRecord {
  return {
    name: row.name,
    queryId: row.queryId,
    runId: row.runId,
    checkpointPath: row.checkpointPath,
    tablePath: row.tablePath,
    isActive: row.isActive,
    statusMessage: row.statusMessage,
    lastProgress: row.lastProgress as StreamQueryRecord['lastProgress'],
    recentProgress: row.recentProgress as StreamQueryRecord['recentProgress'],
    errorMessage: row.errorMessage,
    restarts: row.restarts,
    updateTime: row.updateTime,
  };
}
