import { mkdtemp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InMemoryBatchRegistry, aBatch, aUuid } from '@millrace/testing';
import type { BatchRecord } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { LocalBatchFolders, localFolder } from './batch-folders';
import { ExpireResults } from './expire-results';

const START = new Date('2026-01-01T00:00:00Z').getTime();
const MINUTE_MS = 60_000;
const SETTINGS = { graceMs: 10 * MINUTE_MS };
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

let root: string;

async function setUp(rows: readonly BatchRecord[], mostPerRound?: number) {
  for (const { batchId } of rows) await makeFolder(batchId);
  const registry = new InMemoryBatchRegistry(rows);
  const clock = { now: START };
  const restart = () =>
    new ExpireResults(
      registry,
      new LocalBatchFolders(root),
      SETTINGS,
      () => new Date(clock.now),
      mostPerRound,
    );
  const expiry = restart();
  const after = (ms: number, by = expiry) => {
    clock.now += ms;
    return by.round();
  };
  return { registry, after, restart };
}

async function makeFolder(batchId: string): Promise<void> {
  await mkdir(path.join(root, batchId, 'raw', '_delta_log'), { recursive: true });
  await writeFile(path.join(root, batchId, 'raw', 'part-0.parquet'), 'rows');
}

const folders = async () => (await readdir(root)).sort();

function ended(number: number, overrides: Partial<BatchRecord>): BatchRecord {
  return aBatch({ uuid: aUuid(number), endTime: new Date(START), ...overrides });
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'batches-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('expiring results', () => {
  const completed = (number = 1) =>
    ended(number, { status: 'COMPLETED', expiresAt: new Date(START + MINUTE_MS) });

  it('keeps results until their time is over', async () => {
    const batch = completed();
    const { registry, after } = await setUp([batch]);
    await after(MINUTE_MS - 1);
    expect((await registry.find(batch.batchId))?.resultsDeleted).toBeNull();
    expect(await folders()).toEqual([batch.batchId]);
  });

  it('gives them up first, and removes the files after the grace', async () => {
    const batch = completed();
    const { registry, after } = await setUp([batch]);
    await after(MINUTE_MS);
    expect((await registry.find(batch.batchId))?.resultsDeleted).toEqual(new Date(START + MINUTE_MS));
    await after(SETTINGS.graceMs - 1);
    expect(await folders()).toEqual([batch.batchId]);
    await after(1);
    expect(await folders()).toEqual([]);
    await after(MINUTE_MS);
  });

  it('goes on after a restart, and where a removal broke off', async () => {
    const batch = completed();
    const { after, restart } = await setUp([batch]);
    await after(MINUTE_MS);
    await rm(path.join(root, batch.batchId, 'raw', '_delta_log'), { recursive: true });
    await after(SETTINGS.graceMs, restart());
    expect(await folders()).toEqual([]);
  });

  it('looks at a bounded number of batches in a round, and at each in its turn', async () => {
    const batches = [1, 2, 3].map((number) => completed(number));
    const { registry, after } = await setUp(batches, 1);
    for (const left of [2, 1, 0]) {
      await after(MINUTE_MS);
      expect(await registry.expired(new Date(START + SETTINGS.graceMs), 10)).toHaveLength(left);
    }
    await after(SETTINGS.graceMs);
    expect(await folders()).toHaveLength(2);
    await after(0);
    await after(0);
    await after(0);
    expect(await folders()).toEqual([]);
  });

  it('removes what a cancelled batch has written', async () => {
    const batch = ended(1, { status: 'CANCELLED' });
    const { after } = await setUp([batch]);
    await after(SETTINGS.graceMs - 1);
    expect(await folders()).toEqual([batch.batchId]);
    await after(1);
    expect(await folders()).toEqual([]);
  });

  it('keeps what a failed batch has written as long as it can be retried', async () => {
    const batch = ended(1, { status: 'FAILED', expiresAt: new Date(START + WEEK_MS) });
    const { registry, after } = await setUp([batch]);
    await after(WEEK_MS - 1);
    expect((await registry.find(batch.batchId))?.resultsDeleted).toBeNull();
    await after(1);
    expect(await registry.retry(batch.batchId)).toEqual({ kind: 'refused' });
    expect(await folders()).toEqual([batch.batchId]);
    await after(SETTINGS.graceMs);
    expect(await folders()).toEqual([]);
  });

  it.each(['PENDING', 'RUNNING', 'COMPLETED', 'UNKNOWN'] as const)(
    'leaves a batch alone that is %s and not past its time',
    async (status) => {
      const batch = ended(1, { status });
      const { after } = await setUp([batch]);
      await after(100 * WEEK_MS);
      expect(await folders()).toEqual([batch.batchId]);
    },
  );

  it('leaves folders alone that are of no batch it knows', async () => {
    const { after } = await setUp([]);
    await makeFolder('batch-20250101-00000009');
    await makeFolder('lost+found');
    await after(100 * WEEK_MS);
    await after(100 * WEEK_MS);
    expect(await folders()).toEqual(['batch-20250101-00000009', 'lost+found']);
  });

  it.each(['COMPLETED', 'FAILED'] as const)(
    'marks a %s batch without a disk to remove from',
    async (status) => {
      const batch = ended(1, { status, expiresAt: new Date(START + MINUTE_MS) });
      const registry = new InMemoryBatchRegistry([batch]);
      await new ExpireResults(registry, undefined, SETTINGS, () => new Date(START + MINUTE_MS)).round();
      expect((await registry.find(batch.batchId))?.resultsDeleted).not.toBeNull();
    },
  );
});

describe('folders of batches', () => {
  it('follows no symbolic link', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'outside-'));
    await writeFile(path.join(outside, 'precious'), 'x');
    const batchId = 'batch-20250101-00000001';
    await symlink(outside, path.join(root, batchId));
    await makeFolder('batch-20250101-00000002');
    await symlink(outside, path.join(root, 'batch-20250101-00000002', 'link'));
    const local = new LocalBatchFolders(root);
    expect(await local.list()).toEqual(['batch-20250101-00000002']);
    await local.remove(batchId);
    await local.remove('batch-20250101-00000002');
    expect(await readdir(outside)).toEqual(['precious']);
    expect(await folders()).toEqual([batchId]);
    await rm(outside, { recursive: true });
  });

  it.each(['..', '.', '', 'batch-20250101-00000001/..', '/etc'])('refuses %j', async (batchId) => {
    await expect(new LocalBatchFolders(root).remove(batchId)).rejects.toThrow('Not a batch id');
  });

  it('has none before the first batch', async () => {
    expect(await new LocalBatchFolders(path.join(root, 'nothing')).list()).toEqual([]);
  });

  it('knows which tables are on this disk', () => {
    expect(localFolder('/data/delta/batches')).toBe('/data/delta/batches');
    expect(localFolder('file:///data/a%20b')).toBe('/data/a b');
    expect(localFolder('file:/data')).toBe('/data');
    expect(localFolder('data/delta')).toBe(path.resolve('data/delta'));
    expect(localFolder('s3a://bucket/batches')).toBeUndefined();
    expect(localFolder('hdfs://host/batches')).toBeUndefined();
  });
});
