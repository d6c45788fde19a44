import { BATCH_STATUSES, DESIRED_STATES } from '@millrace/domain';
import {
  aNewBatch,
  aStreamQuery,
  aUuid,
  describeBatchRegistry,
  describeStreamRegistry,
} from '@millrace/testing';
import { freshDatabase } from './fresh-database';
import type { FreshDatabase } from './fresh-database';
import { migrate } from './migrate';
import { openRegistry } from './open-registry';
import type { Registry } from './open-registry';

let database: FreshDatabase;
let registry: Registry;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.url);
  registry = openRegistry({ databaseUrl: database.url, maxConnections: 5, applicationName: 'registry-spec' });
});

afterAll(async () => {
  await registry.close();
  await database.drop();
});

const emptied = async <Port>(port: (opened: Registry) => Port) => {
  await database.query('TRUNCATE batches, streams, stream_queries, spark_session');
  return { port: port(registry), close: () => Promise.resolve() };
};

describeBatchRegistry('PostgresBatchRegistry', () => emptied((opened) => opened.batches));
describeStreamRegistry('PostgresStreamRegistry', () => emptied((opened) => opened.streams));

describe('the tables', () => {
  beforeEach(() => emptied(() => undefined));

  it('take every state of the domain and no other', async () => {
    await registry.batches.register(aNewBatch());
    for (const status of BATCH_STATUSES) await database.query('UPDATE batches SET status = $1', [status]);
    await expect(database.query(`UPDATE batches SET status = 'LOST'`)).rejects.toThrow(
      'batches_status_check',
    );

    await registry.streams.requestStart('transactions', 'transactions-stream', new Date());
    for (const desired of DESIRED_STATES) await database.query('UPDATE streams SET desired = $1', [desired]);
    await expect(database.query(`UPDATE streams SET desired = 'PAUSED'`)).rejects.toThrow(
      'streams_desired_check',
    );
  });

  it('take no batch id that is not safe in a path', async () => {
    const batch = aNewBatch({ batchId: '../../etc' });
    await expect(registry.batches.register(batch)).rejects.toThrow('batches_batch_id_check');
  });

  it('hold one Spark session at most', async () => {
    await expect(
      database.query(`INSERT INTO spark_session (id, user_id, session_id) VALUES (2, 'u', 's')`),
    ).rejects.toThrow('spark_session_one_row');
  });

  it('have an index for each list', async () => {
    const planOf = async (where: string) => {
      const rows = await database.query(
        `EXPLAIN SELECT * FROM batches ${where} ORDER BY submit_time DESC, batch_id ASC LIMIT 20`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    await database.query(
      `INSERT INTO batches (batch_id, uuid, status, attempt, submit_time, analysis_type, source)
       SELECT 'batch-20250115-' || lpad(to_hex(n), 8, '0'), gen_random_uuid(), 'COMPLETED', 1,
              now() - n * interval '1 s', 'revenue_by_category', 'delta' FROM generate_series(1, 2000) AS n`,
    );
    await database.query('ANALYZE batches');
    expect(await planOf('')).toContain('batches_submit_time_batch_id_idx');
    expect(await planOf(`WHERE status = 'COMPLETED'`)).toMatch(
      /Index Scan using batches_\w*submit_time_batch_id_idx/,
    );
  });
});

describe('text that Postgres cannot store', () => {
  beforeEach(() => emptied(() => undefined));

  it('never keeps a batch from being marked as failed', async () => {
    const { batchId } = await registry.batches.register(aNewBatch());
    const failure = { endTime: new Date(), errorMessage: 'bad row: a\u0000b \ud83d' };
    expect(await registry.batches.fail({ batchId, attempt: 1 }, failure)).toBe(true);
    expect((await registry.batches.find(batchId))?.errorMessage).toBe('bad row: a\ufffdb \ufffd');
  });

  it('never keeps the progress of a stream from being saved', async () => {
    await registry.streams.requestStart('transactions', 'transactions-stream', new Date());
    const lastProgress = { message: 'a\u0000b \ud83d', escaped: '\\u0000' };
    await registry.streams.saveQuery('transactions', aStreamQuery({ lastProgress, errorMessage: '\u0000' }));
    expect((await registry.streams.find('transactions'))?.queries).toEqual([
      aStreamQuery({
        lastProgress: { message: 'a\ufffdb \ufffd', escaped: '\\u0000' },
        errorMessage: '\ufffd',
      }),
    ]);
  });

  it('is refused in a filter, which must mean what the client wrote', async () => {
    const batch = aNewBatch({ uuid: aUuid(1), filters: { region: 'E\u0000U' } });
    await expect(registry.batches.register(batch)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
