import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackOnCluster, StandaloneCluster, executorPid, executorsOf, sparkHome } from './spark-cluster';
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
  let tools: ReturnType<typeof toolsFor>;

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
    tools = toolsFor(home);
  });

  afterAll(async () => {
    await stack?.stop();
    await cluster?.stop();
    process.env = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('the same services stream events and run a batch, on two executors that are processes of their own', async () => {
    const { ensureStreaming, produce, call, settled, submitBatch, ALL_TIME } = tools;
    await ensureStreaming();
    await produce(EVENTS, 51);
    const stored = await storedOnce(EVENTS);

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
    expect(BigInt(counted)).toBe(stored['completed']);

    const executors = await executorsOf(home);
    expect(executors.find(({ id }) => id === 'driver')).toMatchObject({ totalTasks: 0 });
    const working = executors.filter((executor) => executor.id !== 'driver' && executor.totalTasks > 0);
    expect(working.filter(({ isActive }) => isActive)).toHaveLength(2);
  });

  it('a batch and the stream go on where one executor is killed, and Spark starts another', async () => {
    const { produce, streamStatus, batchStatus, settled, submitBatch, ALL_TIME } = tools;
    const runs = (await streamStatus()).queries.map(({ runId }) => runId);
    const [victim] = (await executorsOf(home)).filter(({ id, isActive }) => id !== 'driver' && isActive);
    if (victim === undefined) throw new Error('There is no executor');
    const pid = await executorPid(home, victim.id);
    await produce(EVENTS, 52);
    const batchId = await submitBatch({ ...ALL_TIME, analysisType: 'customer_segmentation' });
    await waitUntil('the batch to begin', async () =>
      (await batchStatus(batchId)).status === 'PENDING' ? undefined : true,
    );
    process.kill(pid, 'SIGKILL');

    await storedOnce(2 * EVENTS);
    expect(await settled(batchId, 180_000)).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    const executors = await waitUntil(
      'two executors again',
      async () => {
        const active = (await executorsOf(home)).filter(({ id, isActive }) => id !== 'driver' && isActive);
        return active.length === 2 ? active : undefined;
      },
      { timeoutMs: 60_000 },
    );
    expect(executors.map(({ id }) => id)).not.toContain(victim.id);
    // A lost task is run again within its query.
    expect((await streamStatus()).queries.map(({ runId }) => runId)).toEqual(runs);
  });

  /** Waits until so many events are in the table, each once. */
  async function storedOnce(events: number): Promise<Readonly<Record<string, unknown>>> {
    const stored = await waitUntil(
      'all events in the table',
      async () => {
        const [row] = await tools.queryDelta(
          'stream/transactions',
          undefined,
          (table) => `SELECT count(*) AS events, count(DISTINCT transaction_id) AS ids,
            count(*) FILTER (WHERE transaction_status = 'completed') AS completed FROM ${table}`,
        );
        return Number(row?.['events']) >= events ? row : undefined;
      },
      { timeoutMs: 180_000, pollMs: 1_000 },
    );
    expect(stored).toMatchObject({ events: BigInt(events), ids: BigInt(events) });
    return stored;
  }
});
