import { rm } from 'node:fs/promises';
import { toBatchBody } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { migrate, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { freshDatabase } from '@millrace/registry/testing';
import type { FreshDatabase } from '@millrace/registry/testing';
import { aNewBatch, aUuid } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { RecoverAtStart } from '../recovery/recover-at-start';
import { RETENTION_MS, RecoveryFixture } from '../recovery/recovery.fixture';
import { readCommandConfig } from './config';
import { runRegistryCommand } from './run-registry-command';

let database: FreshDatabase;
let registry: Registry;
let files: RecoveryFixture;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await freshDatabase();
  await migrate(database.url);
  registry = openRegistry({ databaseUrl: database.url, maxConnections: 2, applicationName: 'recovery-spec' });
});

afterAll(async () => {
  await registry.close();
  await database.drop();
});

beforeEach(async () => {
  files = await RecoveryFixture.create();
  await wipe();
});

afterEach(async () => {
  await files.close();
});

const wipe = () => database.query('TRUNCATE batches CASCADE');

async function run(...args: readonly string[]) {
  return runOn(database.url, ...args);
}

async function runOn(databaseUrl: string, ...args: readonly string[]) {
  const output = { out: '', note: '' };
  const environment = { DATABASE_URL: databaseUrl, DELTA_BASE_PATH: files.basePath };
  const code = await runRegistryCommand(args, () => readCommandConfig(environment, files.folder), {
    out: (text) => (output.out += text),
    note: (text) => (output.note += text),
  });
  return { code, ...output };
}

const listed = async () => (await registry.batches.list({ limit: 100 })).batches.map(toBatchBody);

/** A batch that went the whole way: row and files. */
async function wholeBatch(overrides: Partial<BatchRecord>): Promise<BatchRecord> {
  const wanted = files.completed(overrides);
  const { batches } = registry;
  await batches.register({ ...aNewBatch(), ...requestOf(wanted) }, { maxPending: 100 });
  const key = { batchId: wanted.batchId, attempt: 1 };
  const claimed = await batches.claim(key, wanted.startTime ?? new Date());
  if (claimed === undefined) throw new Error('not claimed');
  await files.write(claimed);
  for (const [step, execution] of Object.entries(wanted.executions)) {
    await batches.storeExecution(key, step as keyof BatchRecord['executions'], execution);
  }
  await batches.complete(key, {
    endTime: wanted.endTime ?? new Date(),
    rowCount: wanted.rowCount ?? 0n,
    maxEventTimestamp: wanted.maxEventTimestamp,
    deltaRawPath: files.paths.raw(wanted.batchId),
    deltaAggPath: files.paths.aggregated(wanted.batchId),
    rawVersion: 0n,
    aggVersion: wanted.aggVersion,
    expiresAt: wanted.expiresAt ?? new Date(),
  });
  return claimed;
}

function requestOf(record: BatchRecord) {
  const { batchId, uuid, analysisType, labels, filters, sourceVersion } = record;
  return { batchId, uuid, analysisType, labels, filters, sourceVersion };
}

describe('a registry that lost its rows', () => {
  const several = async () => {
    await wholeBatch({ uuid: aUuid(1), labels: { team: 'pricing' }, filters: { quantity: 2 } });
    await wholeBatch({
      uuid: aUuid(2),
      analysisType: 'full_report',
      sourceVersion: 41n,
    });
  };

  it('lists the same batches again after a rebuild', async () => {
    await several();
    const before = await listed();
    expect(before.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await run('audit')).toMatchObject({ code: 0, note: '' });
    await wipe();
    expect(await listed()).toEqual([]);
    const audit = await run('audit', '--json');
    expect(audit.code).toBe(1);
    expect(JSON.parse(audit.out)).toMatchObject({
      folders: 2,
      rows: 0,
      findings: [{ kind: 'orphan' }, { kind: 'orphan' }],
    });
    const rebuild = await run('rebuild', '--json');
    expect(rebuild.code).toBe(0);
    expect(JSON.parse(rebuild.out)).toMatchObject({
      folders: 2,
      recovered: [
        { status: 'COMPLETED', rowCount: 3 },
        { status: 'COMPLETED', analysisType: 'full_report' },
      ],
      failed: [],
    });
    expect(await listed()).toEqual(before);
    expect(await run('audit')).toMatchObject({ code: 0 });
    expect((await run('rebuild')).out).toBe('2 folders: each has its row, nothing was done\n');
  });

  it('gets its rows back when the service starts', async () => {
    await several();
    const before = await listed();
    await wipe();
    const recovery = new RecoverAtStart(files.ports(registry.batches), {
      retentionMs: RETENTION_MS,
      now: () => new Date(),
    });
    recovery.start();
    await recovery.ended();
    expect(await listed()).toEqual(before);
  });

  it('knows a batch whose files are not all there as UNKNOWN', async () => {
    const { batchId } = await wholeBatch({ uuid: aUuid(3) });
    await rm(files.paths.aggregated(batchId), { recursive: true });
    expect((await run('audit')).out).toMatch(/missing_table +batch-\d{8}-00000003 +COMPLETED +aggregated/);
    await wipe();
    const rebuild = await run('rebuild');
    expect(rebuild.code).toBe(1);
    expect(rebuild.out).toMatch(/UNKNOWN +revenue_by_category +3 +Rebuilt from its files/);
    expect(await registry.batches.find(batchId)).toMatchObject({ status: 'UNKNOWN', uuid: aUuid(3) });
  });

  it.each(['audit', 'rebuild'])(
    'cannot be told by %s of a database that was never migrated',
    async (action) => {
      await files.write(files.completed());
      const empty = await freshDatabase();
      const { code, out, note } = await runOn(empty.url, action);
      await empty.drop();
      expect([code, out]).toEqual([2, '']);
      expect(note).toMatch(/^The database has not the tables of this version .* start Millrace once/);
    },
  );
});
