import { mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DeltaTables } from './delta-tables';
import { ROWS_OF_EVERY_TYPE, SCHEMA_OF_EVERY_TYPE } from './every-type.fixture';
import { DeltaTableFixture, metadataAction, protocolAction } from './fixtures';
import type { FixtureSchema } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

const exportsIn = (folder: string) => join(folder, 'exports');

let folder: string;
let exported: string;
let root: string;
let tables: DeltaTables;
let table: DeltaTableFixture;

useDeltaTable(
  "parquet files'",
  (used) => {
    ({ folder, root, tables, table } = used);
    exported = exportsIn(folder);
  },
  { tablesOptions: (of) => ({ exported: { folder: exportsIn(of), maxFileMib: 10 } }) },
);

async function snapshotOf(schema: FixtureSchema, ...files: readonly string[]) {
  const added = await Promise.all(files.map((sql, index) => table.data(`${String(index)}.parquet`, sql)));
  await table.commit(0, [protocolAction(), metadataAction(schema), ...added]);
  return tables.openSnapshot(table.path);
}

const order = [{ column: 'id', direction: 'asc' as const }];
const all = { order, limit: 1_000_000, offset: 0 };

/** As a program that is not the engine reads it. */
async function read(name: string) {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
  const bytes = await readFile(join(exported, name));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows: readonly Readonly<Record<string, unknown>>[] = await parquetReadObjects({ file, utf8: false });
  return { metadata: parquetMetadata(file), rows };
}

describe('a Parquet file', () => {
  it('has the columns of the table as Spark reads them', async () => {
    const snapshot = await snapshotOf(SCHEMA_OF_EVERY_TYPE, ROWS_OF_EVERY_TYPE);
    await tables.writeParquet(snapshot, all, 'a.parquet');
    const { metadata } = await read('a.parquet');
    const typeOf = ({
      name,
      type,
      converted_type: converted,
      logical_type: logical,
    }: (typeof schema)[number]) =>
      [name, type, converted, logical?.type === 'TIMESTAMP' ? JSON.stringify(logical) : undefined]
        .filter((part) => part !== undefined)
        .join(' ');
    const schema = metadata.schema.slice(1);
    expect(schema.map(typeOf)).toEqual([
      'id INT32 INT_32',
      'text BYTE_ARRAY UTF8',
      'whole INT64 INT_64',
      'small INT32 INT_16',
      'tiny INT32 INT_8',
      'single FLOAT',
      'real DOUBLE',
      'flag BOOLEAN',
      'raw BYTE_ARRAY',
      'day INT32 DATE',
      'at INT64 TIMESTAMP_MICROS {"type":"TIMESTAMP","isAdjustedToUTC":true,"unit":"MICROS"}',
      'clock INT64 TIMESTAMP_MICROS {"type":"TIMESTAMP","isAdjustedToUTC":false,"unit":"MICROS"}',
      'price FIXED_LEN_BYTE_ARRAY DECIMAL',
      'tags LIST',
      'list',
      'element BYTE_ARRAY UTF8',
      'place',
      'x INT64 INT_64',
      'counts MAP',
      'key_value',
      'key BYTE_ARRAY UTF8',
      'value INT32 INT_32',
    ]);
    expect(schema.find(({ name }) => name === 'price')).toMatchObject({ precision: 38, scale: 2 });
  });

  it('has every value as it is stored', async () => {
    const snapshot = await snapshotOf(SCHEMA_OF_EVERY_TYPE, ROWS_OF_EVERY_TYPE);
    await tables.writeParquet(snapshot, all, 'a.parquet');
    const { rows } = await read('a.parquet');
    const column = (name: string) => rows.map((row) => row[name] ?? null);
    expect(column('text')).toEqual(['', 'é"😀', null]);
    expect(column('whole')).toEqual([2n ** 63n - 1n, -(2n ** 63n), null]);
    expect(column('real')).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, null]);
    expect(column('raw')).toEqual([Uint8Array.of(0, 255), Uint8Array.of(), null]);
    expect(column('day')).toEqual([new Date('1969-12-31'), new Date('2100-02-28'), null]);
    expect(column('tags')).toEqual([['a', null], [], null]);
    expect(column('counts')).toEqual([{ k: 7, n: null }, null, null]);
    expect(Object.values(rows[2] ?? {}).filter((value) => value !== null)).toEqual([3]);
    // What JavaScript's dates and numbers have no room for the engine itself compares, with the file that Delta has.
    expect(await differences(join(table.path, '0.parquet'), join(exported, 'a.parquet'))).toEqual([]);
  });

  /** Rows that are in one of two files only. */
  async function differences(one: string, other: string): Promise<unknown[]> {
    const connection = await (await DuckDBInstance.fromCache()).connect();
    const rows = (file: string) => `SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`;
    const sql = `(${rows(one)} EXCEPT ${rows(other)}) UNION ALL (${rows(other)} EXCEPT ${rows(one)})`;
    const found = (await connection.runAndReadAll(sql)).getRows();
    connection.closeSync();
    return found;
  }

  it('has the rows asked for in their order, over many row groups', async () => {
    const part = (from: number) =>
      `SELECT (hash(i) % 1000)::INTEGER AS key, i::INTEGER AS id, repeat('x', 40) AS other FROM range(${from}, ${from + 60_000}) AS rows(i)`;
    const snapshot = await snapshotOf(
      { key: 'integer', id: 'integer', other: 'string' },
      part(0),
      part(60_000),
    );
    const sort = [{ column: 'key', direction: 'desc' as const }, ...order];
    const filters = [{ column: 'id', operator: 'ge' as const, values: ['10'] }];
    const request = { order: sort, columns: ['id', 'key'], filters, limit: 119_000, offset: 7 };
    await tables.writeParquet(snapshot, request, 'a.parquet');
    const { metadata, rows } = await read('a.parquet');
    expect(metadata.row_groups.length).toBeGreaterThan(2);
    expect(Object.keys(rows[0] ?? {})).toEqual(['key', 'id']);
    const expected: unknown[] = [];
    for await (const { bytes } of tables.streamText(snapshot, request, 'ndjson'))
      expected.push(...(JSON.parse(`[${String(bytes).trim().replaceAll('\n', ',')}]`) as unknown[]));
    expect(expected).toHaveLength(119_000);
    expect(JSON.stringify(rows)).toBe(JSON.stringify(expected));
  });

  it('of no rows tells the columns', async () => {
    const snapshot = await snapshotOf(SCHEMA_OF_EVERY_TYPE, ROWS_OF_EVERY_TYPE);
    const none = [{ column: 'id', operator: 'eq' as const, values: ['9'] }];
    await tables.writeParquet(snapshot, { ...all, filters: none }, 'none.parquet');
    await tables.writeParquet(await emptyTable(), { ...all, limit: 0 }, 'empty.parquet');
    for (const name of ['none.parquet', 'empty.parquet']) {
      const { metadata, rows } = await read(name);
      expect(rows).toEqual([]);
      expect(metadata.schema.filter((one) => one.name in SCHEMA_OF_EVERY_TYPE)).toHaveLength(16);
    }
  });

  async function emptyTable() {
    const empty = await DeltaTableFixture.create(join(root, 'empty'));
    await empty.commit(0, [protocolAction(), metadataAction(SCHEMA_OF_EVERY_TYPE)]);
    empty.close();
    return tables.openSnapshot(empty.path);
  }

  it('is the same, byte by byte, each time', async () => {
    const snapshot = await snapshotOf(SCHEMA_OF_EVERY_TYPE, ROWS_OF_EVERY_TYPE);
    for (const name of ['one', 'other']) await tables.writeParquet(snapshot, all, name);
    expect(await readFile(join(exported, 'one'))).toEqual(await readFile(join(exported, 'other')));
  });
});

describe('the writing of a Parquet file', () => {
  const LONG = `SELECT i::INTEGER AS id, hash(i)::VARCHAR AS text FROM range(400000) AS rows(i)`;

  it('ends when nobody waits for it any more, and the next one has its turn', async () => {
    const snapshot = await snapshotOf({ id: 'integer', text: 'string' }, LONG);
    const gone = new AbortController();
    const sort = [{ column: 'text', direction: 'asc' as const }];
    const first = tables.writeParquet(snapshot, { ...all, order: sort, signal: gone.signal }, 'first');
    const waiting = tables.writeParquet(snapshot, { ...all, signal: gone.signal }, 'waiting');
    const last = tables.writeParquet(snapshot, { ...all, limit: 3 }, 'last');
    gone.abort();
    await expect(first).rejects.toThrow(/abort|interrupt/i);
    await expect(waiting).rejects.toThrow(/abort|interrupt/i);
    await last;
    expect((await read('last')).rows.map(({ id }) => id as number)).toEqual([0, 1, 2]);
    expect(await readdir(exported)).not.toContain('waiting');
  });

  it.each(['', '..', '../x', 'a/b', '/etc/x', "x' (FORMAT csv) --"])(
    'takes no name that is a path: %j',
    async (name) => {
      const snapshot = await snapshotOf({ id: 'integer' }, 'SELECT 1::INTEGER AS id');
      await expect(tables.writeParquet(snapshot, all, name)).rejects.toThrow('Not the name of a file');
    },
  );

  it('refuses columns that the table does not have', async () => {
    const snapshot = await snapshotOf({ id: 'integer' }, 'SELECT 1::INTEGER AS id');
    for (const columns of [['nothing'], [`id" FROM range(1)) TO '/tmp/x' --`]])
      await expect(tables.writeParquet(snapshot, { ...all, columns }, 'a')).rejects.toThrow('has no column');
  });

  it('follows no link out of its folder', async () => {
    const snapshot = await snapshotOf({ id: 'integer' }, 'SELECT 1::INTEGER AS id');
    await mkdir(exported);
    await writeFile(join(folder, 'outside'), 'secret');
    await symlink(join(folder, 'outside'), join(exported, 'link'));
    await expect(tables.writeParquet(snapshot, all, 'link')).rejects.toThrow();
    expect(await readFile(join(folder, 'outside'), 'utf8')).toBe('secret');
  });

  it('makes its folder anew where somebody tidied up', async () => {
    const snapshot = await snapshotOf({ id: 'integer' }, 'SELECT 1::INTEGER AS id');
    await tables.writeParquet(snapshot, all, 'a');
    await rm(exported, { recursive: true });
    await tables.writeParquet(snapshot, all, 'a');
    expect((await stat(join(exported, 'a'))).isFile()).toBe(true);
  });

  it('says what to do where its folder cannot be made', async () => {
    const snapshot = await snapshotOf({ id: 'integer' }, 'SELECT 1::INTEGER AS id');
    await writeFile(exported, 'a file');
    await expect(tables.writeParquet(snapshot, all, 'a')).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('RESULTS_CACHE_DIRECTORY') as string,
    });
  });
});
