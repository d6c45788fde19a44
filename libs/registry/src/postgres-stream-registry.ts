import type {
  CheckpointGeneration,
  CheckpointOf,
  StoredSession,
  StreamGap,
  StreamMode,
  StreamQueryRecord,
  StreamRecord,
  StreamRegistry,
} from '@millrace/domain';
import type { Pool } from 'pg';
import type { Prisma, PrismaClient } from './generated/client';
import { answered } from './registry-error';
import { toGeneration, toQueryColumns, toStreamRecord } from './stream-rows';

/** The two changes of a stream are single statements, so that of two that race one wins; the rest is Prisma. */
const REQUEST_START = {
  name: 'stream-request-start',
  text: `INSERT INTO streams (name, desired, topic, start_time, analyses, mode) VALUES ($1, 'RUNNING', $2, $3, $4, $5)
    ON CONFLICT (name) DO UPDATE
      SET desired = 'RUNNING', topic = EXCLUDED.topic, start_time = EXCLUDED.start_time, analyses = EXCLUDED.analyses,
        mode = EXCLUDED.mode
      WHERE streams.desired = 'STOPPED'`,
};
const REQUEST_STOP = {
  name: 'stream-request-stop',
  text: `UPDATE streams SET desired = 'STOPPED' WHERE name = $1 AND desired = 'RUNNING'`,
};

/** A gap is accepted by the checkpoint that goes on behind it, in one statement. */
const BEGIN_GENERATION = {
  name: 'stream-begin-generation',
  text: `WITH begun AS (
      INSERT INTO stream_generations (stream_name, query_name, topic, generation, start_offsets, base_counts, start_time)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING RETURNING *
    ), accepted AS (
      UPDATE stream_gaps gap SET accepted_at = begun.start_time FROM begun
        WHERE gap.stream_name = begun.stream_name AND gap.query_name = begun.query_name AND gap.topic = begun.topic
          AND gap.generation = begun.generation - 1 AND gap.accepted_at IS NULL
    )
    SELECT 1 FROM begun`,
};
const RECORD_GAP = {
  name: 'stream-record-gap',
  text: `INSERT INTO stream_gaps
      (stream_name, query_name, topic, generation, partition, from_offset, until_offset, reason, detected_at, accepted_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (stream_name, query_name, topic, generation, partition) DO UPDATE
      SET from_offset = EXCLUDED.from_offset, until_offset = EXCLUDED.until_offset, reason = EXCLUDED.reason,
        accepted_at = EXCLUDED.accepted_at
      WHERE stream_gaps.accepted_at IS NULL`,
};

const WITH_QUERIES = {
  queries: { orderBy: { name: 'asc' } },
  gaps: { orderBy: [{ detectedAt: 'desc' }, { partition: 'asc' }] },
} satisfies Prisma.StreamInclude;
/** The table holds one row. */
const SESSION_ROW = 1;

/** Streams, their queries and the Spark session on Postgres. Every method throws ServiceUnavailable when it does not answer. */
export class PostgresStreamRegistry implements StreamRegistry {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaClient,
  ) {}

  async requestStart(
    name: string,
    topic: string,
    startTime: Date,
    analyses: readonly string[] = [],
    mode: StreamMode = 'continuous',
  ): Promise<boolean> {
    const values = [name, topic, startTime, analyses, mode];
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
    const row = { ...toQueryColumns(query), streamName };
    await answered(() =>
      this.prisma.streamQuery.upsert({
        where: { streamName_name: { streamName, name: query.name } },
        create: row,
        update: row,
      }),
    );
  }

  async findGeneration({ stream, query, topic }: CheckpointOf): Promise<CheckpointGeneration | undefined> {
    const row = await answered(() =>
      this.prisma.streamGeneration.findFirst({
        where: { streamName: stream, query, topic },
        orderBy: { generation: 'desc' },
      }),
    );
    return row === null ? undefined : toGeneration(row);
  }

  async beginGeneration(begun: CheckpointGeneration): Promise<boolean> {
    const { stream, query, topic, generation, startOffsets, baseCounts, startTime } = begun;
    const values = [stream, query, topic, generation, startOffsets, baseCounts, startTime];
    return (await answered(() => this.pool.query({ ...BEGIN_GENERATION, values }))).rowCount === 1;
  }

  /** @throws Error when the stream was never started. */
  async recordGaps(streamName: string, gaps: readonly StreamGap[]): Promise<void> {
    for (const gap of gaps) {
      const { query, topic, generation, partition, fromOffset, untilOffset, reason } = gap;
      const values = [
        ...[streamName, query, topic, generation, partition],
        ...[fromOffset, untilOffset, reason, gap.detectedAt, gap.acceptedAt],
      ];
      await answered(() => this.pool.query({ ...RECORD_GAP, values }));
    }
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
