import { mkdir, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBatchBody } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { aRequester } from '@millrace/testing';
import { NOW, RETENTION_MS, RecoveryFixture } from './recovery.fixture';

const asked: Partial<BatchRecord> = {
  labels: { team: 'pricing' },
  requestedBy: aRequester({ client: 'dashboard' }),
  sourceVersion: 41n,
};

describe('recoverRegistry, of a batch that is not all there', () => {
  let files: RecoveryFixture;

  beforeEach(async () => {
    files = await RecoveryFixture.create();
  });

  afterEach(() => files.close());

  const partOf = async (record: BatchRecord, message: string) => {
    await files.recover();
    const row = await files.rowOf(record);
    expect(row).toMatchObject({
      status: 'UNKNOWN',
      errorMessage: `Rebuilt from its files, which are not complete: ${message}`,
      uuid: record.uuid,
    });
    expect(row.errorMessage).not.toContain(files.folder);
    return row;
  };

  it('tells the analysis that is missing, and what there is', async () => {
    const lost = files.completed(asked);
    await files.writeStep(lost, 'raw');
    const row = await partOf(lost, 'aggregated: there is no table');
    expect(row).toMatchObject({
      labels: lost.labels,
      requestedBy: lost.requestedBy,
      rowCount: 3n,
      rawVersion: 0n,
      aggVersion: null,
      deltaAggPath: null,
      endTime: new Date('2025-01-15T10:30:02.345Z'),
      expiresAt: new Date('2025-01-22T10:30:02.345Z'),
    });
  });

  it('tells the members of a report that are missing', async () => {
    const lost = files.completed({ analysisType: 'full_report' });
    for (const step of ['raw', 'aggregated/fraud_analysis'] as const) await files.writeStep(lost, step);
    const row = await partOf(
      lost,
      [
        'aggregated/revenue_by_category: there is no table',
        'aggregated/revenue_by_region: there is no table',
        'aggregated/payment_analysis: there is no table',
        'aggregated/customer_segmentation: there is no table',
        'aggregated/hourly_trends: there is no table',
        'aggregated/channel_performance: there is no table',
        'aggregated/inventory_velocity: there is no table',
      ].join('; '),
    );
    expect(toBatchBody(row).members?.filter(({ status }) => status === 'COMPLETED')).toHaveLength(1);
  });

  it('tells a table that was being written', async () => {
    const lost = files.completed();
    await files.writeStep(lost, 'raw');
    const table = await files.table(lost.batchId, 'aggregated');
    await table.data('part-0.parquet', 'SELECT 1 AS category');
    await partOf(lost, 'aggregated: there is no table');
  });

  it.each<[string, (path: string) => Promise<void>, string]>([
    [
      'torn',
      (path) => truncate(join(path, '_delta_log', '00000000000000000000.json'), 40),
      'its log is damaged (commit 0)',
    ],
    [
      'with a gap',
      (path) => writeFile(join(path, '_delta_log', '00000000000000000002.json'), '{}'),
      'its log is damaged (commit 1 is missing)',
    ],
  ])('tells a log that is %s', async (what, damage, message) => {
    const lost = files.completed();
    await files.write(lost);
    // A gap matters where the version that is read lies behind it.
    if (what === 'with a gap') {
      const table = await files.table(lost.batchId, 'aggregated');
      await table.write('_delta_log/00000000000000000000.json', '{"protocol":{"minReaderVersion":1}}');
    }
    await damage(files.paths.aggregated(lost.batchId));
    await partOf(lost, `aggregated: ${message}`);
  });

  it('tells a file that is gone, and one that is cut', async () => {
    const lost = files.completed();
    await files.write(lost);
    await unlink(join(files.paths.raw(lost.batchId), 'part-0.parquet'));
    await truncate(join(files.paths.aggregated(lost.batchId), 'part-0.parquet'), 4);
    const message = 'files are gone or cut (part-0.parquet)';
    await partOf(lost, `raw: ${message}; aggregated: ${message}`);
  });

  it('tells rows that cannot be read though all else is right', async () => {
    const lost = files.completed();
    await files.write(lost);
    const file = join(files.paths.raw(lost.batchId), 'part-0.parquet');
    await writeFile(file, 'x'.repeat((await stat(file)).size));
    await partOf(lost, 'raw: its events cannot be read');
  });

  it('makes a row of a folder with nothing in it', async () => {
    const batchId = 'batch-20250115-0badcafe';
    await mkdir(join(files.paths.batches, batchId), { recursive: true });
    await files.recover();
    expect(await files.rowOf({ batchId })).toMatchObject({
      status: 'UNKNOWN',
      errorMessage: expect.stringContaining(
        'raw: there is no table; aggregated: there is no table',
      ) as string,
      submitTime: new Date('2025-01-15T00:00:00Z'),
      endTime: null,
      expiresAt: new Date(NOW.getTime() + RETENTION_MS),
    });
  });
});
