import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackOnCluster, StandaloneCluster, executorsOf, sparkHome } from './spark-cluster';
import type * as deltaRows from './delta-rows';
import type * as stackUnderTest from './stack-under-test';
import type * as streaming from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(480_000);

const EVENTS = 600;

type Variables = Readonly<Record<string, string>>;

/** Tools that find their stack in the environment: loaded anew for each, since they read it once. */
function toolsFor(home: string) {
  process.env['MILLRACE_HOME'] = home;
  process.env['MILLRACE_ENDPOINTS'] = join(home, 'endpoints.json');
  jest.resetModules();
  return {
    ...jest.requireActual<typeof stackUnderTest>('./stack-under-test'),
    ...jest.requireActual<typeof streaming>('./streaming'),
    ...jest.requireActual<typeof deltaRows>('./delta-rows'),
  };
}

describe.each([
  ['local-cluster[2,1,1024]', () => Promise.resolve(undefined)],
  [
    'a standalone master with two workers',
    (folder: string, spark: Variables) => StandaloneCluster.start(folder, spark),
  ],
] as const)('on %s', (_name, startCluster) => {
  const before = { ...process.env };
  let folder: string;
  let home: string;
  let cluster: StandaloneCluster | undefined;
  let stack: StackOnCluster | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-cluster-'));
    home = join(folder, 'home');
    // Where root runs this, Postgres runs as another user, who must get in.
    chmodSync(folder, 0o711);
    const spark = sparkHome(folder);
    cluster = await startCluster(folder, spark);
    stack = await StackOnCluster.start(home, {
      ...spark,
      SPARK_MASTER: cluster?.url ?? 'local-cluster[2,1,1024]',
    });
  });

  afterAll(async () => {
    await stack?.stop();
    await cluster?.stop();
    process.env = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('the same services stream events and run a batch, on two executors that are processes of their own', async () => {
    const { ensureStreaming, produce, queryDelta, call, settled, submitBatch, ALL_TIME } = toolsFor(home);
    await ensureStreaming();
    await produce(EVENTS, 51);
    const [stored] = await waitUntil(
      'all events in the table',
      async () => {
        const rows = await queryDelta(
          'stream/transactions',
          undefined,
          (table) => `SELECT count(*) AS events, count(DISTINCT transaction_id) AS ids,
            count(*) FILTER (WHERE transaction_status = 'completed') AS completed FROM ${table}`,
        );
        return Number(rows[0]?.['events']) >= EVENTS ? rows : undefined;
      },
      { timeoutMs: 180_000, pollMs: 1_000 },
    );
    expect(stored).toMatchObject({ events: BigInt(EVENTS), ids: BigInt(EVENTS) });

    const batch = await settled(
      await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' }),
      180_000,
    );
    expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null, rowCount: EVENTS });
    const { body } = await call<{ data: { transaction_count: number }[] }>(
      'GET',
      `/batch/data/${batch.batchId}/aggregated`,
    );
    const counted = body.data.reduce((sum, row) => sum + row.transaction_count, 0);
    expect(BigInt(counted)).toBe(stored?.['completed']);

    const executors = await executorsOf(home);
    expect(executors.find(({ id }) => id === 'driver')).toMatchObject({ totalTasks: 0 });
    const working = executors.filter((executor) => executor.id !== 'driver' && executor.totalTasks > 0);
    expect(working.filter(({ isActive }) => isActive)).toHaveLength(2);
  });
});
