import { tablePaths } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { col } from 'spark-connect-js/functions';
import { until } from '../until.fixture';
import { ComputeFixture, aRun, slowed, someTransactions } from './compute.fixture';

const ROWS = 100;
let fixture: ComputeFixture;

beforeAll(async () => {
  fixture = await ComputeFixture.open();
  const { spark, paths } = fixture;
  for (const path of [paths.transactions, paths.seed]) {
    const rows = someTransactions(spark, path === paths.seed ? 30 : ROWS);
    await rows.write.format('delta').partitionBy('event_date').save(path);
  }
}, 120_000);

afterAll(() => fixture.close());

/** Ids of the executions that Spark runs jobs for at this moment. */
async function runningOperations(): Promise<string[]> {
  const { sparkUi } = requireEndpoints();
  const get = async (path: string): Promise<unknown> => (await fetch(`${sparkUi}/api/v1/${path}`)).json();
  const [application] = (await get('applications')) as { id: string }[];
  const jobs = (await get(`applications/${application?.id ?? ''}/jobs?status=running`)) as {
    jobTags: string[];
  }[];
  return jobs.flatMap(({ jobTags }) =>
    jobTags.map((tag) => tag.slice(-'00000000-0000-0000-0000-000000000000'.length)),
  );
}

/** The raw step is running in Spark. */
async function untilRawRuns(batch: BatchRecord): Promise<string> {
  let operationId: string | undefined;
  await until(async () => {
    operationId = (await fixture.current(batch)).executions.raw?.operationId;
    return operationId !== undefined && (await runningOperations()).includes(operationId);
  });
  return operationId ?? '';
}

describe('a batch over the table of the stream', () => {
  it('stores the rows of its range, and an analysis of exactly those', async () => {
    const batch = await fixture.claimed({ startDate: '2025-01-02', endDate: '2025-01-03' });
    const compute = fixture.compute();
    const raw = await compute.computeRaw(batch, aRun());
    // Ids 1, 2, 11, 12, …: the last of 3 January is 92.
    expect(raw).toEqual({ version: 0, rowCount: 20, maxEventTimestamp: '2025-01-03T00:01:32.000007Z' });
    const analysis = await compute.computeAnalysis(batch, raw, 'revenue_by_category', aRun());
    expect(analysis).toEqual({ version: 0, rowCount: 3 });

    const { executions, sourceVersion, sourcePath } = await fixture.current(batch);
    expect({ sourceVersion, sourcePath }).toEqual({
      sourceVersion: 0n,
      sourcePath: fixture.paths.transactions,
    });
    expect(executions.raw?.outcome).toEqual(raw);
    expect(executions.aggregated?.outcome).toEqual(analysis);
    const totals = await fixture.spark.read
      .format('delta')
      .load(fixture.paths.aggregated(batch.batchId))
      .select('category', 'transaction_count')
      .collect();
    expect(totals.reduce((sum, row) => sum + Number(row['transaction_count']), 0)).toBe(20);
  }, 120_000);

  it('keeps to the version it was given, whatever was written since', async () => {
    const { spark, paths } = fixture;
    const batch = await fixture.claimed({ sourcePath: paths.transactions, sourceVersion: 0n });
    await someTransactions(spark, 5).write.format('delta').mode('append').save(paths.transactions);
    await expect(fixture.compute().computeRaw(batch, aRun())).resolves.toMatchObject({ rowCount: ROWS });
  }, 120_000);

  it('is an empty result where the range has no rows', async () => {
    const batch = await fixture.claimed({ startDate: '1999-01-01', endDate: '1999-01-02' });
    const compute = fixture.compute();
    const raw = await compute.computeRaw(batch, aRun());
    expect(raw).toEqual({ version: 0, rowCount: 0, maxEventTimestamp: null });
    const analysis = await compute.computeAnalysis(batch, raw, 'revenue_by_category', aRun());
    expect(analysis).toEqual({ version: 0, rowCount: 0 });
    await expect(fixture.count(fixture.paths.aggregated(batch.batchId))).resolves.toBe(0);
  }, 120_000);

  it('begins after an event time, to the microsecond', async () => {
    // That of id 92, the last of 3 January.
    const afterEventTimestamp = '2025-01-03T00:01:32.000007Z';
    const batch = await fixture.claimed({
      startDate: null,
      endDate: '2025-01-04',
      afterEventTimestamp,
      sourcePath: fixture.paths.transactions,
      sourceVersion: 0n,
    });
    await expect(fixture.compute().computeRaw(batch, aRun())).resolves.toMatchObject({
      rowCount: 10,
      maxEventTimestamp: '2025-01-04T00:01:33.000007Z',
    });
  }, 120_000);

  it('says what to do where there is no table yet', async () => {
    const batch = await fixture.claimed();
    const paths = tablePaths(`${fixture.folder}/empty`);
    await expect(fixture.compute({ paths }).computeRaw(batch, aRun())).rejects.toThrow('start it');
  }, 120_000);

  it('says so when the version is not there', async () => {
    const batch = await fixture.claimed({ sourcePath: fixture.paths.transactions, sourceVersion: 999n });
    await expect(fixture.compute().computeRaw(batch, aRun())).rejects.toMatchObject({
      errorClass: 'DELTA_VERSION_NOT_FOUND',
    });
  }, 120_000);
});

it('reads the table of the seeder when it is asked to', async () => {
  const batch = await fixture.claimed({ source: 'seed' });
  await expect(fixture.compute().computeRaw(batch, aRun())).resolves.toMatchObject({ rowCount: 30 });
  expect((await fixture.current(batch)).sourcePath).toBe(fixture.paths.seed);
}, 120_000);

describe('a full report', () => {
  it('stores each analysis in a table of its own, and tells progress that never falls', async () => {
    const batch = await fixture.claimed({ analysisType: 'full_report' });
    const compute = fixture.compute();
    const run = aRun();
    const raw = await compute.computeRaw(batch, run);
    for (const name of ['hourly_trends', 'fraud_analysis'] as const) {
      await compute.computeAnalysis(batch, raw, name, run);
      await expect(fixture.versions(fixture.paths.aggregated(batch.batchId, name))).resolves.toEqual([0n]);
    }
    expect(run.told.length).toBeGreaterThan(0);
    const percents = run.told.map(({ percent }) => percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(percents.at(-1)).toBeLessThanOrEqual(55);
  }, 120_000);
});

describe('a step that is run again', () => {
  it('commits nothing twice where Spark has forgotten the execution, and tells the same', async () => {
    const batch = await fixture.claimed();
    const raw = await fixture.compute().computeRaw(batch, aRun());
    const analysis = await fixture.compute().computeAnalysis(batch, raw, 'revenue_by_category', aRun());
    // As if the process had died before it stored what came out.
    const { executions, ...unfinished } = await fixture.nextAttempt(batch);
    expect(Object.keys(executions).sort()).toEqual(['aggregated', 'raw']);
    const again = { ...unfinished, executions: {} };
    await expect(fixture.compute().computeRaw(again, aRun())).resolves.toEqual(raw);
    await expect(
      fixture.compute().computeAnalysis(again, raw, 'revenue_by_category', aRun()),
    ).resolves.toEqual(analysis);
    await expect(fixture.versions(fixture.paths.raw(batch.batchId))).resolves.toEqual([0n]);
    await expect(fixture.versions(fixture.paths.aggregated(batch.batchId))).resolves.toEqual([0n]);
  }, 120_000);

  it('comes back at once when it has its outcome', async () => {
    const batch = await fixture.claimed();
    const outcome = { version: 0, rowCount: 7, maxEventTimestamp: null };
    const done = { operationId: 'never asked for', sessionId: fixture.spark.sessionId, outcome };
    const finished = { ...batch, executions: { raw: done, aggregated: done } };
    const compute = fixture.compute({
      connection: {
        require: () => {
          throw new Error('Spark is away');
        },
      },
    });
    await expect(compute.computeRaw(finished, aRun())).resolves.toBe(outcome);
    await expect(compute.computeAnalysis(finished, outcome, 'fraud_analysis', aRun())).resolves.toBe(outcome);
  });

  it('waits for the execution that still runs instead of sending another', async () => {
    const batch = await fixture.claimed({
      startDate: '2025-01-02',
      endDate: '2025-01-02',
      sourcePath: fixture.paths.transactions,
      sourceVersion: 0n,
    });
    const other = fixture.otherProcess();
    const dying = fixture.compute({ connection: { require: () => other }, pipeline: slowed(1_000) });
    const died = expect(dying.computeRaw(batch, aRun())).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    const operationId = await untilRawRuns(batch);
    await other.close();
    await died;
    const next = await fixture.nextAttempt(batch);
    const adopted = await fixture.compute({ pipeline: slowed(1_000) }).computeRaw(next, aRun());
    expect(adopted).toMatchObject({ version: 0, rowCount: 10 });
    const { raw } = (await fixture.current(next)).executions;
    expect(raw).toEqual({ operationId, sessionId: fixture.spark.sessionId, outcome: adopted });
    await expect(fixture.versions(fixture.paths.raw(batch.batchId))).resolves.toEqual([0n]);
  }, 120_000);

  it('stops where the batch has gone on without this attempt', async () => {
    const batch = await fixture.claimed();
    await fixture.nextAttempt(batch);
    await expect(fixture.compute().computeRaw(batch, aRun())).rejects.toThrow('no longer the current one');
  }, 120_000);
});

describe('ending a batch', () => {
  it('interrupts its execution when the run is aborted, and leaves no table', async () => {
    const batch = await fixture.claimed();
    const run = aRun();
    const computing = fixture.compute({ pipeline: slowed(1_000) }).computeRaw(batch, run);
    const failed = expect(computing).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    const operationId = await untilRawRuns(batch);
    run.abort.abort(new Error('enough'));
    await failed;
    await until(async () => !(await runningOperations()).includes(operationId));
    await expect(fixture.count(fixture.paths.raw(batch.batchId))).rejects.toThrow();
  }, 120_000);

  it('stops what another process has sent', async () => {
    const batch = await fixture.claimed();
    const other = fixture.otherProcess();
    const dying = fixture.compute({ connection: { require: () => other }, pipeline: slowed(1_000) });
    const died = expect(dying.computeRaw(batch, aRun())).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    const operationId = await untilRawRuns(batch);
    await other.close();
    await died;
    await fixture.compute().stopExecutions(await fixture.current(batch));
    await until(async () => !(await runningOperations()).includes(operationId));
    await expect(fixture.count(fixture.paths.raw(batch.batchId))).rejects.toThrow();
  }, 120_000);

  it('has nothing to stop where the execution never arrived', async () => {
    const batch = await fixture.claimed();
    const execution = { operationId: batch.uuid, sessionId: fixture.spark.sessionId };
    await fixture.registry.storeExecution(batch, 'raw', execution);
    await expect(fixture.compute().stopExecutions(await fixture.current(batch))).resolves.toBeUndefined();
  });
});

it('describes the batch in each of its commits', async () => {
  const batch = await fixture.claimed({ labels: { team: 'pricing' } });
  await fixture.compute().computeRaw(batch, aRun());
  const history = await fixture.spark.sql(`DESCRIBE HISTORY delta.\`${fixture.paths.raw(batch.batchId)}\``);
  const [commit] = await history.select(col('userMetadata')).collect();
  expect(JSON.parse(commit?.['userMetadata'] as string)).toMatchObject({
    step: 'raw',
    operationId: (await fixture.current(batch)).executions.raw?.operationId,
    batch: { batchId: batch.batchId, labels: { team: 'pricing' }, sourcePath: fixture.paths.transactions },
  });
}, 120_000);
