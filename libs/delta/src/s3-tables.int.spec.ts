import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from './delta-tables';
import { DeltaTableFixture, metadataAction, protocolAction, removeAction } from './fixtures';
import type { FixtureAction } from './fixtures';
import { commitPath } from './log/log-file-name';
import type { PageRequest } from './rows/page-query';
import { S3Store } from './storage/s3-store.fixture';

const ROOT = 's3a://tables/delta';
const FILES = 24;
const ROWS_OF_FILE = 1_000;
const MORNING_MS = Date.parse('2025-01-15T08:00:00.500Z');
/** So that the times do not depend on when a test was run. */
const inCommit = (version: number) => ({
  commitInfo: {
    operation: 'WRITE',
    operationMetrics: { numFiles: String(version) },
    inCommitTimestamp: MORNING_MS + version * 1_000,
  },
});
const byId: PageRequest['order'] = [{ column: 'id', direction: 'desc' }];

let store: S3Store;
let folder: string;
let cache: string;
let local: DeltaTables;
let remote: DeltaTables;
let opened: DeltaTables[] = [];

beforeAll(async () => {
  store = await S3Store.start(process.env);
});

afterAll(() => store.stop());

beforeEach(async () => {
  store.fetched();
  folder = await mkdtemp(join(tmpdir(), 's3 tables '));
  cache = join(folder, 'cache');
  local = tablesAt({ root: join(folder, 'delta') });
  remote = tablesAt({ root: ROOT, objectStore: { forcePathStyle: true, cacheDirectory: cache } });
});

afterEach(async () => {
  for (const tables of opened) await tables.close();
  opened = [];
  await store.removeAll('delta/');
  await rm(folder, { recursive: true });
});

function tablesAt(options: Parameters<typeof DeltaTables.open>[0]): DeltaTables {
  const tables = DeltaTables.open(options);
  opened.push(tables);
  return tables;
}

/** A table of a log with a checkpoint, partitions, files without statistics and one that is gone again; on both sides. */
async function aLongTable(): Promise<void> {
  const table = await DeltaTableFixture.create(join(folder, 'delta', 'long'));
  const rows = (from: number) => `SELECT ${from} + n AS id, 'é' || n AS name FROM range(50) AS rows(n)`;
  const add = (name: string, from: number, city: string) => table.data(name, rows(from), { city });
  const first = await add('city=a%20b/part 0.parquet', 0, 'a b');
  const second = await add('city=c/part+1.parquet', 100, 'c');
  const third = withoutStatistics(await add('city=c/part-2.parquet', 200, 'c'));
  const start = [
    protocolAction(),
    metadataAction({ id: 'long', name: 'string', city: 'string' }, { partitionColumns: ['city'] }),
  ];
  await table.commit(0, [inCommit(0), ...start, first]);
  await table.commit(1, [inCommit(1), second]);
  await table.commit(2, [inCommit(2), third]);
  await table.checkpoint(2, [...start, first, second, third], 2);
  await table.commit(3, [inCommit(3), removeAction('city%3Dc/part%2B1.parquet')]);
  table.close();
  await store.upload(join(folder, 'delta'), 'delta');
  await store.remove(`delta/long/${commitPath(0)}`);
  await rm(join(folder, 'delta', 'long', commitPath(0)));
}

function withoutStatistics({ add, ...others }: FixtureAction): FixtureAction {
  return { ...others, add: { ...(add as object), stats: undefined } };
}

/** Many files, one after the other in the order of their ids. */
async function aWideTable(): Promise<void> {
  const table = await DeltaTableFixture.create(join(folder, 'delta', 'wide'));
  const adds = [];
  for (let file = 0; file < FILES; file++) {
    const from = file * ROWS_OF_FILE;
    const sql = `SELECT ${from} + n AS id, repeat(md5(n::VARCHAR), 4) AS text FROM range(${ROWS_OF_FILE}) AS rows(n)`;
    const { add } = await table.data(`part-${String(file).padStart(2, '0')}.parquet`, sql);
    const bounds = {
      minValues: { id: from },
      maxValues: { id: from + ROWS_OF_FILE - 1 },
      nullCount: { id: 0 },
    };
    adds.push({
      add: { ...(add as object), stats: JSON.stringify({ numRecords: ROWS_OF_FILE, ...bounds }) },
    });
  }
  await table.commit(0, [protocolAction(), metadataAction({ id: 'long', text: 'string' }), ...adds]);
  table.close();
  await store.upload(join(folder, 'delta'), 'delta');
}

const fileName = (file: number) => `delta/wide/part-${String(file).padStart(2, '0')}.parquet`;

/** What a question is answered by the tables of the folder and by those of the bucket. */
async function bothSay<T>(
  name: string,
  ask: (tables: DeltaTables, path: string) => Promise<T>,
): Promise<[T, T]> {
  return [await ask(local, join(folder, 'delta', name)), await ask(remote, `${ROOT}/${name}`)];
}

describe('a table in an object store', () => {
  it.each([2, 3])('has the rows and counts of the same table in a folder, at version %d', async (version) => {
    await aLongTable();
    const read = (request: PageRequest) => (tables: DeltaTables, path: string) =>
      tables.openSnapshot(path, { version }).then(async (snapshot) => ({
        files: snapshot.files,
        count: await tables.countRows(snapshot),
        page: await tables.readPage(snapshot, request),
        cities: await tables.countBy(snapshot, 'city'),
        damaged: await tables.damagedFiles(snapshot),
      }));
    for (const offset of [0, 45, 98, 1_000]) {
      const [expected, told] = await bothSay('long', read({ order: byId, limit: 10, offset }));
      expect(told).toEqual(expected);
      expect(told.damaged).toEqual([]);
    }
  });

  it('is compared with another version of it, holding both at once', async () => {
    await aLongTable();
    const compare = async (tables: DeltaTables, path: string) => {
      const [before, after] = [
        await tables.openSnapshot(path, { version: 2 }),
        await tables.openSnapshot(path, { version: 3 }),
      ];
      const request = { keys: ['id'], limit: 5, offset: 40 };
      const together = Array.from({ length: 4 }, () => tables.compare(before, after, request));
      return Promise.all(together);
    };
    const [expected, told] = await bothSay('long', compare);
    expect(told).toEqual(expected);
    expect(told[0]?.changes).toEqual({ same: 100, changed: 0, new: 0, vanished: 50 });
  });

  it('has the same history and travels to the same versions', async () => {
    await aLongTable();
    const [history, toldHistory] = await bothSay('long', (tables, path) => tables.history(path, 10));
    expect(toldHistory).toEqual(history);
    expect(toldHistory.map(({ version }) => version)).toEqual([3, 2, 1]);
    const [infos, toldInfos] = await bothSay('long', (tables, path) => tables.commitInfos(path));
    expect(toldInfos).toEqual(infos);
    for (const ms of [2_000, 2_999, 3_000]) {
      const time = new Date(MORNING_MS + ms);
      const [version, told] = await bothSay(
        'long',
        async (tables, path) => (await tables.openSnapshot(path, { time })).version,
      );
      expect(told).toBe(version);
    }
    const tooLate = remote.openSnapshot(`${ROOT}/long`, { time: new Date(MORNING_MS + 3_001) });
    await expect(tooLate).rejects.toMatchObject({ reason: 'TIME_NOT_FOUND' });
  });

  it('lists the folders', async () => {
    await aLongTable();
    expect(await remote.listFolders(ROOT)).toEqual(['long']);
  });

  it('says that there is no table, and no such version', async () => {
    await aLongTable();
    await expect(remote.openSnapshot(`${ROOT}/absent`)).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
    const never = remote.openSnapshot(`${ROOT}/long`, { version: 9 });
    await expect(never).rejects.toMatchObject({ reason: 'VERSION_NOT_FOUND' });
  });

  it('fetches the files that a page is in, each once, and no others', async () => {
    await aWideTable();
    const snapshot = await remote.openSnapshot(`${ROOT}/wide`);
    expect(await remote.countRows(snapshot)).toBe(FILES * ROWS_OF_FILE);
    expect(store.fetched()).toEqual([`delta/wide/${commitPath(0)}`]);
    const request = { order: byId, limit: 100, offset: 2_950 };
    const page = await remote.readPage(snapshot, request);
    expect(page.rows).toBe(100);
    expect(store.fetched()).toEqual([fileName(20), fileName(21)]);
    expect(await remote.readPage(snapshot, { ...request, offset: 2_960 })).toMatchObject({ rows: 100 });
    expect(store.fetched()).toEqual([]);
    const [expected] = await bothSay('wide', async (tables, path) =>
      tables.readPage(await tables.openSnapshot(path), request),
    );
    expect(page).toEqual(expected);
  });

  it('keeps the bound of its cache, whatever is read', async () => {
    await aWideTable();
    const tables = tablesAt({
      root: ROOT,
      objectStore: { forcePathStyle: true, cacheDirectory: cache, cacheMib: 1 },
    });
    const snapshot = await tables.openSnapshot(`${ROOT}/wide`);
    const read = async (offset: number) => {
      const json = String(
        (await tables.readPage(snapshot, { columns: ['id'], order: byId, limit: 1, offset })).bytes,
      );
      expect(JSON.parse(json)).toEqual([{ id: FILES * ROWS_OF_FILE - 1 - offset }]);
    };
    await Promise.all(Array.from({ length: FILES }, (_, file) => read(file * ROWS_OF_FILE + 500)));
    const bytes = await bytesIn(cache);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(1_048_576);
    const all = tables.readPage(snapshot, {
      order: [{ column: 'text', direction: 'asc' }],
      limit: 1,
      offset: 0,
    });
    await expect(all).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(
        /^This needs \d+ MiB of table files at once and the local cache has 1/,
      ) as unknown,
    });
  });

  it('is written as the same file of Parquet', async () => {
    await aLongTable();
    const objectStore = { forcePathStyle: true, cacheDirectory: cache };
    const written = async (root: string, exports: string) => {
      const tables = tablesAt({ root, objectStore, exported: { folder: exports, maxFileMib: 10 } });
      const snapshot = await tables.openSnapshot(`${root}/long`);
      await tables.writeParquet(snapshot, { order: byId, limit: 1_000, offset: 0 }, 'long.parquet');
      return readFile(join(exports, 'long.parquet'));
    };
    const expected = await written(join(folder, 'delta'), join(folder, 'exports'));
    expect((await written(ROOT, join(cache, 'exports'))).equals(expected)).toBe(true);
  });

  it('is missing once it was deleted, whatever was read of it before', async () => {
    await aLongTable();
    const snapshot = await remote.openSnapshot(`${ROOT}/long`, { version: 3 });
    const request = { order: byId, limit: 10, offset: 0 };
    await remote.readPage(snapshot, request);
    await store.removeAll('delta/long/city');
    await expect(remote.readPage(snapshot, request)).rejects.toMatchObject({ reason: 'FILE_MISSING' });
    expect(await remote.damagedFiles(snapshot)).toHaveLength(2);
    await store.removeAll('delta/long');
    const again = remote.openSnapshot(`${ROOT}/long`, { version: 3 });
    await expect(again).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
  });

  it('is not lost while the store is away, and there again with it', async () => {
    await aLongTable();
    const snapshot = await remote.openSnapshot(`${ROOT}/long`, { version: 3 });
    store.fault = 'busy';
    const request = { order: byId, limit: 10, offset: 0 };
    await expect(remote.readPage(snapshot, request)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const again = tablesAt({ root: ROOT, objectStore: { forcePathStyle: true } });
    await expect(again.openSnapshot(`${ROOT}/long`)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    store.fault = undefined;
    const reopened = await remote.openSnapshot(`${ROOT}/long`, { version: 3 });
    expect((await remote.readPage(reopened, request)).rows).toBe(10);
    expect((await again.openSnapshot(`${ROOT}/long`)).version).toBe(3);
  });
});

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
