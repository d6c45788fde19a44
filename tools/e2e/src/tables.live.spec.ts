import { STREAMED_ANALYSES, tableDetailSchema, tableHistorySchema, tableListSchema } from '@millrace/domain';
import { SparkSession } from 'spark-connect-js';
import { ensureHistory } from './history';
import { call, deltaBasePath, endpoints, settled, submitBatch, ALL_TIME } from './stack-under-test';
import { askForUpkeep, upkeepRun } from './upkeep-jobs';

jest.setTimeout(300_000);

let spark: SparkSession;

beforeAll(async () => {
  await ensureHistory();
  spark = SparkSession.builder().remote(endpoints.sparkConnect).build();
});

afterAll(() => spark.stop());

/** The same as our history, from Spark. */
async function describedBySpark(path: string) {
  const history = await spark.sql(`DESCRIBE HISTORY delta.\`${path}\``);
  const commits = await history
    .selectExpr(
      'version',
      "date_format(timestamp, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\") AS time",
      'operation',
      'to_json(operationParameters) AS parameters',
      'to_json(operationMetrics) AS metrics',
      'userMetadata',
    )
    .collect();
  const parsed = (text: unknown) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : null);
  // Ours leaves out what has no value.
  const withValues = (text: unknown) =>
    Object.fromEntries(Object.entries(parsed(text) ?? {}).filter(([, value]) => value !== null));
  return commits.map((commit) => ({
    version: Number(commit['version']),
    time: commit['time'],
    operation: commit['operation'],
    operationParameters: withValues(commit['parameters']),
    operationMetrics: withValues(commit['metrics']),
    userMetadata: parsed(commit['userMetadata']),
  }));
}

function folderOf(table: string): string {
  if (table === 'seed') return 'seed/transactions';
  return STREAMED_ANALYSES.some((name) => name === table) ? `stream/analyses/${table}` : `stream/${table}`;
}

describe('tables in the API', () => {
  it('are listed, and each tells what it is made of', async () => {
    const list = tableListSchema.parse((await call('GET', '/tables')).body);
    for (const { name } of list.tables) {
      const { status, body } = await call('GET', `/tables/${name}`);
      if (status === 404) continue;
      const detail = tableDetailSchema.parse(body);
      const rows = await spark.read
        .format('delta')
        .option('versionAsOf', String(detail.version))
        .load(`${deltaBasePath()}/${folderOf(name)}`)
        .count();
      expect([name, detail.rows]).toEqual([name, rows]);
    }
    expect((await call('GET', '/tables/transactions')).status).toBe(200);
  });

  it('are optimized on request, and what was done is recorded', async () => {
    for (const operation of ['optimize', 'zorder', 'vacuum'] as const) {
      const jobId = await askForUpkeep('transactions', operation);
      expect(await upkeepRun('transactions', jobId)).toMatchObject({
        operation,
        status: 'COMPLETED',
        errorMessage: null,
      });
    }
    const { body } = await call('GET', '/tables/transactions');
    expect(tableDetailSchema.parse(body).upkeep.length).toBeGreaterThanOrEqual(3);
  });

  it('tell the history that Spark tells', async () => {
    const path = `${deltaBasePath()}/stream/transactions`;
    const { body } = await call('GET', '/tables/transactions/history?limit=1000');
    const { history } = tableHistorySchema.parse(body);
    const known = new Set(history.map(({ version }) => version));
    const spoken = (await describedBySpark(path)).filter(({ version }) => known.has(version));
    expect(history.length).toBeGreaterThan(1);
    expect(history).toEqual(spoken);
  });

  it('are those of batches too', async () => {
    const batch = await settled(await submitBatch({ ...ALL_TIME, analysisType: 'hourly_trends' }));
    const detail = tableDetailSchema.parse((await call('GET', `/tables/${batch.batchId}.raw`)).body);
    expect(detail.rows).toBe(batch.rowCount);
    const { body } = await call('GET', `/tables/${batch.batchId}.aggregated/history`);
    expect(tableHistorySchema.parse(body).history).toMatchObject([
      {
        version: 0,
        operation: 'WRITE',
        userMetadata: { step: 'aggregated', batch: { batchId: batch.batchId } },
      },
    ]);
  });
});
