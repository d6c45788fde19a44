import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAction } from '@millrace/delta/fixtures';
import { ServiceUnavailable, toBatchBody } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { InMemoryBatchRegistry, aUuid } from '@millrace/testing';
import { LAST_EVENT, RecoveryFixture } from './recovery.fixture';

const asked: Partial<BatchRecord> = {
  source: 'kafka',
  topic: 'transactions-batch',
  startOffset: '{"0":5}',
  endOffset: 'latest',
  sourceOffsets: { start: { '0': 5, '1': 0 }, end: { '0': 9_007_199_254, '1': 7 } },
  afterEventTimestamp: '2025-01-14T00:00:00.000001Z',
  filters: { region: 'EU "north"', quantity: 2, is_fraudulent: false },
  sourcePath: '/tables/stream/transactions',
  sourceVersion: 41n,
  labels: { team: 'pricing', note: 'ünïcode ☂' },
  timeoutSeconds: 60,
  rerunOf: 'batch-20250114-00000001',
  requestedBy: { client: 'dashboard', address: '10.0.0.7', userAgent: 'curl/8', requestId: 'r-1' },
};

describe('recoverRegistry', () => {
  let files: RecoveryFixture;

  beforeEach(async () => {
    files = await RecoveryFixture.create();
  });

  afterEach(() => files.close());

  describe('of a batch that completed', () => {
    it.each<[string, Partial<BatchRecord>]>([
      ['one analysis', {}],
      ['one analysis, everything asked for', asked],
      ['an analysis with lists', { analysisType: 'fraud_analysis' }],
      ['a full report', { analysisType: 'full_report' }],
      ['a full report, everything asked for', { ...asked, analysisType: 'full_report' }],
    ])('makes a row that a client cannot tell from the lost one: %s', async (_what, overrides) => {
      const lost = files.completed(overrides);
      await files.write(lost);
      const summary = await files.recover();
      expect(summary).toMatchObject({ folders: 1, failed: [] });
      expect(summary.recovered.map(({ batchId }) => batchId)).toEqual([lost.batchId]);
      const row = await files.rowOf(lost);
      expect(toBatchBody(row)).toEqual(toBatchBody(lost));
      expect(row).toMatchObject({
        rawVersion: lost.rawVersion,
        aggVersion: lost.aggVersion,
        fingerprint: lost.fingerprint,
        attempt: 1,
      });
    });

    it('does not tell what may be a secret of the client', async () => {
      const secrets = { webhookUrl: 'https://hooks.example.org/?token=hunter2', idempotencyKey: 'hunter3' };
      const lost = files.completed(secrets);
      await files.write(lost);
      const log = join(files.paths.raw(lost.batchId), '_delta_log', '00000000000000000000.json');
      expect(await readFile(log, 'utf8')).not.toMatch(/hunter|hooks\.example/);
      await files.recover();
      expect(await files.rowOf(lost)).toMatchObject({
        uuid: lost.uuid,
        webhookUrl: null,
        idempotencyKey: null,
      });
    });

    it('is in doubt about one that had another sink', async () => {
      const lost = files.completed({ sinks: ['jdbc'] });
      await files.write(lost);
      await files.recover();
      expect(await files.rowOf(lost)).toMatchObject({
        status: 'UNKNOWN',
        errorMessage:
          'Rebuilt from its files, which are complete; whether jdbc has the analysis is not known',
        sinks: ['jdbc'],
        rawVersion: 0n,
        aggVersion: 0n,
      });
    });

    it('knows the executions and versions of all members', async () => {
      const lost = files.completed({ analysisType: 'full_report' });
      await files.write(lost);
      await files.recover();
      const { executions } = await files.rowOf(lost);
      expect(Object.keys(executions).sort()).toEqual(Object.keys(lost.executions).sort());
      expect(executions['raw']).toMatchObject({
        operationId: 'operation of raw',
        outcome: { version: 0, rowCount: 3, maxEventTimestamp: LAST_EVENT },
      });
      expect(executions['aggregated/hourly_trends']).toMatchObject({ outcome: { version: 0, rowCount: 1 } });
    });

    it('knows that one without rows completed too', async () => {
      const lost = files.completed();
      await files.writeStep(lost, 'raw', { rows: 0 });
      await files.writeStep(lost, 'aggregated', { rows: 0 });
      await files.recover();
      expect(await files.rowOf(lost)).toMatchObject({
        status: 'COMPLETED',
        rowCount: 0n,
        maxEventTimestamp: null,
      });
    });

    it('counts the rows of files without statistics', async () => {
      const lost = files.completed();
      await files.writeStep(lost, 'raw', { hasStatistics: false });
      await files.writeStep(lost, 'aggregated');
      await files.recover();
      expect(await files.rowOf(lost)).toMatchObject({ status: 'COMPLETED', rowCount: 3n });
    });

    it('takes the version that the batch wrote, not one that upkeep made later', async () => {
      const lost = files.completed();
      await files.write(lost);
      const raw = await files.table(lost.batchId, 'raw');
      const rewritten = await raw.data('part-1.parquet', `SELECT 'x' AS transaction_id`);
      await raw.commit(1, [
        { commitInfo: { timestamp: Date.parse('2025-01-20T00:00:00Z'), operation: 'OPTIMIZE' } },
        removeAction('part-0.parquet'),
        rewritten,
      ]);
      await files.recover();
      expect(toBatchBody(await files.rowOf(lost))).toEqual(toBatchBody(lost));
    });

    it('tells the pinned source when only the commit that read it knows it', async () => {
      const lost = files.completed({ ...asked, analysisType: 'full_report' });
      await files.write({ ...lost, sourcePath: null, sourceVersion: null });
      await files.writeStep(lost, 'raw');
      await files.recover();
      expect(toBatchBody(await files.rowOf(lost))).toEqual(toBatchBody(lost));
    });

    it('tells the start of the attempt that wrote last', async () => {
      const lost = files.completed();
      await files.writeStep({ ...lost, startTime: new Date('2025-01-15T10:00:00Z') }, 'raw');
      await files.writeStep(lost, 'aggregated');
      await files.recover();
      expect((await files.rowOf(lost)).startTime).toEqual(lost.startTime);
    });
  });

  it('leaves rows that are there alone, and does nothing the second time', async () => {
    const there = files.completed({ status: 'FAILED', errorMessage: 'Spark ran out of disk' });
    files.registry = new InMemoryBatchRegistry([there]);
    const lost = files.completed({ uuid: aUuid(2) });
    await files.write(there);
    await files.write(lost);
    expect((await files.recover()).recovered.map(({ batchId }) => batchId)).toEqual([lost.batchId]);
    expect(await files.registry.find(there.batchId)).toEqual(there);
    expect(await files.recover()).toMatchObject({ folders: 2, recovered: [], failed: [] });
  });

  it('looks only at folders of batches, and follows no link', async () => {
    const lost = files.completed();
    await files.write(lost);
    await symlink(
      join(files.paths.batches, lost.batchId),
      join(files.paths.batches, 'batch-20250115-11111111'),
    );
    await mkdir(join(files.paths.batches, 'notes'));
    await writeFile(join(files.paths.batches, 'batch-20250115-22222222'), '');
    expect(await files.recover()).toMatchObject({ folders: 1, recovered: [{ batchId: lost.batchId }] });
  });

  it('goes on with the others when one can have no row', async () => {
    const [first, second] = [files.completed({ uuid: aUuid(1) }), files.completed({ uuid: aUuid(2) })];
    files.registry = new InMemoryBatchRegistry([{ ...first, batchId: 'batch-20240101-00000001' }]);
    await files.write(first);
    await files.write(second);
    expect(await files.recover()).toMatchObject({
      recovered: [{ batchId: second.batchId }],
      failed: [{ batchId: first.batchId, message: expect.stringContaining('UUID') as string }],
    });
  });

  it('gives up when the registry does not answer', async () => {
    await files.write(files.completed());
    const away = () => Promise.reject(new ServiceUnavailable('Postgres does not answer'));
    await expect(files.recover({ find: away, list: away, recover: away })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('finds nothing where no batch was ever written', async () => {
    expect(await files.recover()).toEqual({ folders: 0, recovered: [], failed: [] });
  });
});
