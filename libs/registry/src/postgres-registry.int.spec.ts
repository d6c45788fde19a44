import {
  BATCH_STATUSES,
  DESIRED_STATES,
  GAP_REASONS,
  KEPT_TABLES,
  QUERY_FAILURES,
  STREAM_MODES,
  UPKEEP_OPERATIONS,
} from '@millrace/domain';
import {
  aFailure,
  aRegisteredBatch,
  aRequester,
  anUpkeepRun,
  aStreamQuery,
  describeBatchRegistry,
  describeRejectReplays,
  describeStreamRegistry,
  describeUpkeepRegistry,
  describeWebhookOutbox,
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
  await database.query(
    'TRUNCATE batches, batch_events, webhook_deliveries, streams, stream_queries, stream_gaps, stream_generations, spark_session, table_upkeep, reject_replays',
  );
  return { port: port(registry), close: () => Promise.resolve() };
};

describeBatchRegistry('PostgresBatchRegistry', () => emptied((opened) => opened.batches));
describeWebhookOutbox('PostgresWebhookOutbox', () => emptied((opened) => opened));
describeStreamRegistry('PostgresStreamRegistry', () => emptied((opened) => opened.streams));
describeUpkeepRegistry('PostgresUpkeepRegistry', () => emptied((opened) => opened.upkeep));
describeRejectReplays('PostgresRejectReplays', () => emptied((opened) => opened.rejectReplays));

describe('the tables', () => {
  beforeEach(() => emptied(() => undefined));

  it('take every state of the domain and no other', async () => {
    await aRegisteredBatch(registry.batches);
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

  it('take every mode, failure and gap of a stream and no other', async () => {
    const at = new Date();
    await registry.streams.requestStart('transactions', 'transactions-stream', at);
    await registry.streams.saveQuery('transactions', aStreamQuery());
    const of = { query: 'transactions', topic: 'transactions-stream', generation: 1, partition: 0 };
    const gap = { ...of, fromOffset: 5, untilOffset: 9, detectedAt: at, acceptedAt: null };
    for (const mode of STREAM_MODES) await database.query('UPDATE streams SET mode = $1', [mode]);
    for (const failure of QUERY_FAILURES)
      await database.query('UPDATE stream_queries SET failure = $1', [failure]);
    for (const reason of GAP_REASONS) await registry.streams.recordGaps('transactions', [{ ...gap, reason }]);
    await expect(database.query(`UPDATE streams SET mode = 'once'`)).rejects.toThrow('streams_mode_check');
    await expect(database.query(`UPDATE stream_queries SET failure = 'BAD'`)).rejects.toThrow(
      'stream_queries_failure_check',
    );
    await expect(database.query(`UPDATE stream_gaps SET reason = 'BAD'`)).rejects.toThrow(
      'stream_gaps_reason_check',
    );
    await expect(database.query('UPDATE stream_gaps SET until_offset = 5')).rejects.toThrow(
      'stream_gaps_range_check',
    );
  });

  it('take every table and operation of upkeep and no other', async () => {
    const { runId } = anUpkeepRun();
    expect(await registry.upkeep.begin(anUpkeepRun({ runId }))).toBe(true);
    const set = (column: string, value: string) =>
      database.query(`UPDATE table_upkeep SET ${column} = $1`, [value]);
    for (const table of KEPT_TABLES) await set('table_name', table);
    for (const operation of UPKEEP_OPERATIONS) await set('operation', operation);
    await expect(set('table_name', 'seed')).rejects.toThrow('table_upkeep_table_name_check');
    await expect(set('operation', 'drop')).rejects.toThrow('table_upkeep_operation_check');
    await expect(set('status', 'COMPLETED')).rejects.toThrow('table_upkeep_end_check');
    await expect(set('end_time = now(), status', 'LOST')).rejects.toThrow('table_upkeep_status_check');
  });

  it('take no batch id that is not safe in a path', async () => {
    const batch = aRegisteredBatch(registry.batches, { batchId: '../../etc' });
    await expect(batch).rejects.toThrow('batches_batch_id_check');
  });

  it('hold one Spark session at most', async () => {
    await expect(
      database.query(`INSERT INTO spark_session (id, user_id, session_id) VALUES (2, 'u', 's')`),
    ).rejects.toThrow('spark_session_one_row');
  });

  it('have an index for each question that is asked often', async () => {
    await database.query(
      `INSERT INTO batches (batch_id, uuid, status, attempt, submit_time, analysis_type, source, client, labels,
                            fingerprint, expires_at, fair_rank)
       SELECT 'batch-20250115-' || lpad(to_hex(n), 8, '0'), gen_random_uuid(),
              CASE WHEN n % 10 = 0 THEN 'PENDING' ELSE 'COMPLETED' END, 1, now() - n * interval '1 s',
              'analysis-' || n % 50, 'delta', 'client-' || n % 50, jsonb_build_object('run', n::text),
              'fingerprint-' || n, now() + n * interval '1 h', n
       FROM generate_series(1, 5000) AS n`,
    );
    await database.query('ANALYZE batches');
    const planOf = async (rest: string) => {
      const rows = await database.query(`EXPLAIN SELECT * FROM batches ${rest}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const newest = 'ORDER BY submit_time DESC, batch_id ASC LIMIT 20';
    const [unfinished, waiting] = [`status IN ('PENDING', 'RUNNING')`, `status = 'PENDING'`];
    expect(await planOf(newest)).toContain('batches_submit_time_batch_id_idx');
    const keyset = `submit_time <= now() AND (submit_time < now() OR batch_id > 'batch-20250115-00000001')`;
    expect(await planOf(`WHERE ${keyset} ${newest}`)).toContain('batches_submit_time_batch_id_idx');
    expect(await planOf(`WHERE status = 'COMPLETED' ${newest}`)).toMatch(
      /Index Scan using batches_\w*submit_time_batch_id_idx/,
    );
    expect(await planOf(`WHERE analysis_type = 'analysis-7' ${newest}`)).toContain('batches_analysis_type_');
    expect(await planOf(`WHERE labels @> '{"run": "77"}'`)).toContain('batches_labels_idx');
    expect(await planOf(`WHERE client = 'a' AND idempotency_key = 'b'`)).toContain('batches_client_');
    expect(
      await planOf(`WHERE fingerprint = 'fingerprint-7' AND client = 'client-7' AND ${unfinished}`),
    ).toContain('batches_unfinished_fingerprint_idx');
    expect(await planOf(`WHERE ${waiting} ORDER BY fair_rank, submit_time, batch_id LIMIT 5`)).toContain(
      'batches_queue_idx',
    );
    expect(await planOf('WHERE results_deleted IS NULL AND expires_at <= now()')).toContain(
      'batches_expires_at_idx',
    );
  });
});

describe('text that Postgres cannot store', () => {
  beforeEach(() => emptied(() => undefined));

  it('never keeps a batch from being marked as failed', async () => {
    const { batchId } = await aRegisteredBatch(registry.batches);
    const failure = aFailure({ errorMessage: 'bad row: a\u0000b \ud83d' });
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

  it('never keeps the failure of a step from being stored', async () => {
    const { batchId } = await aRegisteredBatch(registry.batches);
    const key = { batchId, attempt: 1 };
    await registry.batches.claim(key, new Date());
    const execution = { operationId: 'o', sessionId: 's', errorMessage: 'a\u0000b \ud83d' };
    expect(await registry.batches.storeExecution(key, 'raw', execution)).toBe(true);
    expect((await registry.batches.find(batchId))?.executions.raw?.errorMessage).toBe('a\ufffdb \ufffd');
  });

  it('never keeps a batch from being accepted when it is only told', async () => {
    const requestedBy = aRequester({ userAgent: 'curl\u0000', requestId: '\ud83d' });
    const { batchId } = await aRegisteredBatch(registry.batches, { requestedBy });
    expect((await registry.batches.find(batchId))?.requestedBy).toMatchObject({
      userAgent: 'curl\ufffd',
      requestId: '\ufffd',
    });
  });

  it.each([
    ['filters', { filters: { region: 'E\u0000U' } }],
    ['labels', { labels: { team: '\ud83d' } }],
    ['topic', { topic: 'a\u0000' }],
    ['idempotencyKey', { idempotencyKey: '\u0000' }],
  ])('is refused in %s, which must mean what the client wrote', async (path, request) => {
    await expect(aRegisteredBatch(registry.batches, request)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      details: [{ path }],
    });
    expect((await registry.batches.list({ limit: 1 })).total).toBe(0);
  });
});
