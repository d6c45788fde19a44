import { mkdir, readdir, rm, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAction } from '@millrace/delta/fixtures';
import { ServiceUnavailable } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { InMemoryBatchRegistry, aBatch, aUuid } from '@millrace/testing';
import { auditRegistry } from './audit-registry';
import { NOW, RecoveryFixture } from './recovery.fixture';

const LONG_AGO = new Date('2025-01-25T00:00:00Z');
const JUST_NOW = new Date(NOW.getTime() - 700_000);

describe('auditRegistry', () => {
  let files: RecoveryFixture;

  const audit = (...records: readonly BatchRecord[]) =>
    auditRegistry(files.ports(new InMemoryBatchRegistry(records)), { now: () => NOW, graceMs: 600_000 });
  /** Kind, table and words of each finding. */
  const findings = async (...records: readonly BatchRecord[]) =>
    (await audit(...records)).findings.map(({ kind, step, message }) => [kind, step, message]);

  beforeEach(async () => {
    files = await RecoveryFixture.create();
  });

  afterEach(() => files.close());

  it('has nothing to say where rows and files agree', async () => {
    const one = files.completed();
    const report = files.completed({ uuid: aUuid(2), analysisType: 'full_report' });
    await files.write(one);
    await files.write(report);
    const waiting = aBatch({ uuid: aUuid(3) });
    expect(await audit(one, report, waiting)).toEqual({ folders: 2, rows: 3, findings: [] });
    expect(await audit()).toMatchObject({ rows: 0, findings: [{ kind: 'orphan' }, { kind: 'orphan' }] });
  });

  it('tells a folder without a row', async () => {
    const lost = files.completed();
    await files.write(lost);
    expect((await audit()).findings).toEqual([
      {
        kind: 'orphan',
        batchId: lost.batchId,
        step: undefined,
        status: undefined,
        message: 'the registry has no row of it',
      },
    ]);
  });

  it('tells each table that a completed batch misses', async () => {
    const gone = files.completed();
    expect(await findings(gone)).toEqual([
      ['missing_table', 'aggregated', 'there is no table'],
      ['missing_table', 'raw', 'there is no table'],
    ]);
    const report = files.completed({ analysisType: 'full_report' });
    await files.write(report);
    await rm(files.paths.aggregated(report.batchId, 'fraud_analysis'), { recursive: true });
    expect(await findings(report)).toEqual([
      ['missing_table', 'aggregated/fraud_analysis', 'there is no table'],
    ]);
  });

  it('tells a row that names no table, or no version', async () => {
    const record = files.completed({ deltaRawPath: null, aggVersion: null });
    await files.write(record);
    expect(await findings(record)).toEqual([
      ['missing_version', 'aggregated', 'its row names no version'],
      ['missing_table', 'raw', 'its row names no table'],
    ]);
  });

  it('tells a version that is not in the log', async () => {
    const record = files.completed({ rawVersion: 4n });
    await files.write(record);
    expect(await findings(record)).toEqual([['missing_version', 'raw', 'version 4 is not there']]);
  });

  it('tells numbers of rows that differ from those of the log', async () => {
    const record = files.completed({ rowCount: 4n });
    await files.write(record);
    expect(await findings(record)).toEqual([['count_mismatch', 'raw', 'the row tells 4 rows, the log 3']]);
    const report = files.completed({ uuid: aUuid(2), analysisType: 'full_report' });
    await files.write(report);
    const members = {
      ...report.executions,
      'aggregated/hourly_trends': { operationId: '', sessionId: '', outcome: { version: 0, rowCount: 24 } },
    };
    expect(await findings(record, { ...report, executions: members })).toContainEqual([
      'count_mismatch',
      'aggregated/hourly_trends',
      'the row tells 24 rows, the log 1',
    ]);
  });

  it('counts the rows of the version in the row, not of a later one', async () => {
    const record = files.completed();
    await files.write(record);
    const raw = await files.table(record.batchId, 'raw');
    await raw.commit(1, [removeAction('part-0.parquet')]);
    expect(await findings(record)).toEqual([]);
    expect(await findings({ ...record, rawVersion: 1n })).toEqual([
      ['count_mismatch', 'raw', 'the row tells 3 rows, the log 0'],
    ]);
  });

  it('tells tables that cannot be read', async () => {
    const record = files.completed();
    await files.write(record);
    await unlink(join(files.paths.raw(record.batchId), 'part-0.parquet'));
    await truncate(join(files.paths.aggregated(record.batchId), '_delta_log/00000000000000000000.json'), 9);
    expect(await findings(record)).toEqual([
      ['damaged_table', 'aggregated', 'its log is damaged (commit 0, action 1)'],
      ['damaged_table', 'raw', 'files are gone or cut (part-0.parquet)'],
    ]);
  });

  it('tells a row that leads out of the base path, and does not go there', async () => {
    const record = files.completed({ deltaRawPath: files.folder });
    await files.write(record);
    expect(await findings(record)).toEqual([
      ['damaged_table', 'raw', 'it names files outside the place for them'],
    ]);
  });

  it('tells files of results that were given up long ago, and not those that readers may still have', async () => {
    const given = (time: Date) => files.completed({ expiresAt: LONG_AGO, resultsDeleted: time });
    await files.write(files.completed());
    expect(await findings(given(LONG_AGO))).toEqual([
      ['left_over', undefined, 'given up at 2025-01-25T00:00:00.000Z'],
    ]);
    expect(await findings(given(JUST_NOW))).toEqual([]);
    await rm(files.paths.batches, { recursive: true });
    expect(await findings(given(LONG_AGO))).toEqual([]);
  });

  it('tells what a cancelled batch left, once upkeep should have removed it', async () => {
    const cancelled = (endTime: Date) => aBatch({ status: 'CANCELLED', endTime });
    await files.writeStep(files.completed(), 'raw');
    await mkdir(files.paths.aggregated(cancelled(LONG_AGO).batchId), { recursive: true });
    expect(await findings(cancelled(LONG_AGO))).toEqual([
      ['partial_table', 'aggregated', 'the batch is CANCELLED'],
      ['partial_table', 'raw', 'the batch is CANCELLED'],
    ]);
    expect(await findings(cancelled(JUST_NOW))).toEqual([]);
  });

  it('tells what a failed batch wrote in part, and not the steps that a retry goes on from', async () => {
    const report = files.completed({ analysisType: 'full_report' });
    await files.writeStep(report, 'raw');
    await files.writeStep(report, 'aggregated/fraud_analysis');
    await files.table(report.batchId, 'aggregated/hourly_trends');
    const { raw, 'aggregated/fraud_analysis': fraud } = report.executions;
    const executions = {
      ...(raw && { raw }),
      ...(fraud && { 'aggregated/fraud_analysis': fraud }),
      'aggregated/hourly_trends': { operationId: '', sessionId: '', errorMessage: 'no disk' },
    };
    const failed = aBatch({ analysisType: 'full_report', status: 'FAILED', executions });
    expect(await findings(failed)).toEqual([
      ['partial_table', 'aggregated/hourly_trends', 'the batch is FAILED'],
    ]);
  });

  it.each(['PENDING', 'RUNNING', 'UNKNOWN'] as const)('does not judge a batch that is %s', async (status) => {
    await files.writeStep(files.completed(), 'raw');
    expect(await findings(aBatch({ status }))).toEqual([]);
  });

  it('finds nothing in a batch whose results were deleted while it looked', async () => {
    const record = files.completed();
    const later = { ...record, resultsDeleted: NOW };
    const before = new InMemoryBatchRegistry([record]);
    const after = new InMemoryBatchRegistry([later]);
    const ports = files.ports({
      list: (query) => before.list(query),
      find: (reference) => after.find(reference),
      recover: () => Promise.reject(new Error('an audit changes nothing')),
    });
    expect(await auditRegistry(ports, { now: () => NOW, graceMs: 0 })).toMatchObject({
      rows: 1,
      findings: [],
    });
  });

  it('looks at all rows, however many pages they fill, and tells how far it is', async () => {
    const records = Array.from({ length: 450 }, (_, number) => aBatch({ uuid: aUuid(number + 1) }));
    const last = files.completed({ uuid: aUuid(9_999), submitTime: new Date('2024-12-01T00:00:00Z') });
    const told: number[] = [];
    const report = await auditRegistry(files.ports(new InMemoryBatchRegistry([...records, last])), {
      now: () => NOW,
      graceMs: 0,
      onProgress: ({ done, total }) => told.push(done, total),
    });
    expect(report).toMatchObject({ rows: 451, findings: [{ kind: 'missing_table' }, { step: 'raw' }] });
    expect(told).toEqual([200, 451, 400, 451, 451, 451]);
  });

  it('changes nothing, neither on disk nor in the registry', async () => {
    const record = files.completed();
    const lost = files.completed({ uuid: aUuid(2) });
    await files.write(record);
    await files.write(lost);
    await unlink(join(files.paths.raw(record.batchId), 'part-0.parquet'));
    const onDisk = async () => (await readdir(files.folder, { recursive: true })).sort();
    const before = await onDisk();
    const registry = new InMemoryBatchRegistry([record]);
    const report = await auditRegistry(files.ports(registry), { now: () => NOW, graceMs: 0 });
    expect(report.findings).toHaveLength(2);
    expect(await onDisk()).toEqual(before);
    expect((await registry.list({ limit: 10 })).batches).toEqual([record]);
  });

  it('gives up when the registry does not answer', async () => {
    const away = () => Promise.reject(new ServiceUnavailable('Postgres does not answer'));
    await expect(
      auditRegistry(files.ports({ find: away, list: away, recover: away }), { now: () => NOW, graceMs: 0 }),
    ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
