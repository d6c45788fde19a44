import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeltaTables } from './delta-tables';
import { addAction, metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture, FixtureSchema } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

const ascending = (column: string) => ({ column, direction: 'asc' as const });
const descending = (column: string) => ({ column, direction: 'desc' as const });

describe('readPage', () => {
  let folder: string;
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('delta rows [1]', (used) => ({ folder, tables, table } = used), {
    tableName: "it's a table",
  });

  async function pageOfValue(type: unknown, sql: string): Promise<string> {
    const file = await table.data('a.parquet', `SELECT ${sql} AS v`);
    await table.commit(0, [protocolAction(), metadataAction({ v: type }), file]);
    const snapshot = await tables.openSnapshot(table.path);
    const json = String((await tables.readPage(snapshot, { order: [], limit: 1, offset: 0 })).bytes);
    return json.slice('[{"v":'.length, -'}]'.length);
  }

  it.each([
    ['long', '9007199254740993::BIGINT', '9007199254740993'],
    ['integer', '-1', '-1'],
    ['byte', '7::TINYINT', '7'],
    ['double', '0.1::DOUBLE + 0.2::DOUBLE', '0.30000000000000004'],
    ['double', '594.98::DOUBLE', '594.98'],
    ['double', '5e-324::DOUBLE', '5e-324'],
    ['double', '1.7976931348623157e308::DOUBLE', '1.7976931348623157e+308'],
    ['double', "'NaN'::DOUBLE", '"NaN"'],
    ['double', "'inf'::DOUBLE", '"Infinity"'],
    ['double', "'-inf'::DOUBLE", '"-Infinity"'],
    ['float', '0.1::FLOAT', '0.1'],
    [
      'decimal(38,2)',
      "'123456789012345678901234567890123456.50'::DECIMAL(38,2)",
      '123456789012345678901234567890123456.50',
    ],
    ['decimal(2,2)', '-0.5::DECIMAL(2,2)', '-0.50'],
    ['boolean', 'true', 'true'],
    ['date', "DATE '2025-01-05'", '"2025-01-05"'],
    ['timestamp', "TIMESTAMPTZ '2025-01-15 14:32:07.123+00'", '"2025-01-15T14:32:07.123Z"'],
    ['timestamp', "TIMESTAMPTZ '2025-01-15 14:32:07+00'", '"2025-01-15T14:32:07.000Z"'],
    ['timestamp', "TIMESTAMPTZ '2025-01-15 14:32:07.123456+00'", '"2025-01-15T14:32:07.123456Z"'],
    ['timestamp', "TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", '"1969-12-31T23:59:59.999999Z"'],
    ['timestamp_ntz', "TIMESTAMP '2025-01-15 14:32:07.5'", '"2025-01-15T14:32:07.500"'],
    ['binary', "'ab'::BLOB", '"YWI="'],
    ['string', `'"q" \\ ' || chr(10) || chr(1) || ' é 😀'`, '"\\"q\\" \\\\ \\n\\u0001 é 😀"'],
    ['string', 'NULL::VARCHAR', 'null'],
    [{ type: 'array', elementType: 'string', containsNull: true }, "['a', NULL]", '["a",null]'],
    [
      {
        type: 'array',
        elementType: { type: 'array', elementType: 'long', containsNull: true },
        containsNull: true,
      },
      '[[1, 2]::BIGINT[], [], NULL]',
      '[[1,2],[],null]',
    ],
    [
      { type: 'map', keyType: 'integer', valueType: 'double', valueContainsNull: true },
      "MAP {1: 0.5::DOUBLE, 2: 'NaN'::DOUBLE}",
      '{"1":0.5,"2":"NaN"}',
    ],
    [
      { type: 'struct', fields: [{ name: 'a"b', type: 'timestamp', nullable: true, metadata: {} }] },
      `{'a"b': TIMESTAMPTZ '2025-01-15 14:32:07.123456+00'}`,
      '{"a\\"b":"2025-01-15T14:32:07.123456Z"}',
    ],
  ])('writes %j: %s as %s', async (type, sql, json) => {
    expect(await pageOfValue(type, sql)).toBe(json);
  });

  it('reads a double back as the same bits', async () => {
    const text = await pageOfValue('double', '(1::DOUBLE / 3) * 1e22');
    expect(JSON.parse(text)).toBe((1 / 3) * 1e22);
  });

  async function numbers(schema: FixtureSchema = { id: 'long', name: 'string' }) {
    const low = await table.data(
      'low.parquet',
      "SELECT range AS id, 'n' || range % 3 AS name FROM range(0, 50)",
    );
    const high = await table.data(
      'high.parquet',
      "SELECT range AS id, 'n' || range % 3 AS name FROM range(50, 100)",
    );
    await table.commit(0, [protocolAction(), metadataAction(schema), high, low]);
    return tables.openSnapshot(table.path);
  }

  it('gives every row once over all pages, also where the order has equal values', async () => {
    const snapshot = await numbers();
    const seen: unknown[] = [];
    for (let offset = 0; offset < 105; offset += 7) {
      const page = await tables.readPage(snapshot, { order: [ascending('name')], limit: 7, offset });
      const rows = JSON.parse(String(page.bytes)) as { id: number }[];
      expect(rows).toHaveLength(page.rows);
      seen.push(...rows.map((row) => row.id));
    }
    expect(seen).toHaveLength(100);
    expect(new Set(seen).size).toBe(100);
  });

  it('orders by several keys, in both directions', async () => {
    const snapshot = await numbers();
    const request = { order: [descending('name'), ascending('id')], limit: 2, offset: 0 };
    expect(String((await tables.readPage(snapshot, request)).bytes)).toBe(
      '[{"id":2,"name":"n2"},{"id":5,"name":"n2"}]',
    );
  });

  it('shows the columns asked for in the order of the schema', async () => {
    const snapshot = await numbers();
    const request = { columns: ['name', 'id'], order: [descending('id')], limit: 1, offset: 0 };
    expect(String((await tables.readPage(snapshot, request)).bytes)).toBe('[{"id":99,"name":"n0"}]');
    expect(String((await tables.readPage(snapshot, { ...request, columns: ['name'] })).bytes)).toBe(
      '[{"name":"n0"}]',
    );
  });

  it('puts nulls first when ascending and last when descending, as Spark does', async () => {
    const file = await table.data('a.parquet', 'SELECT unnest([2, NULL, 1]) AS v');
    await table.commit(0, [protocolAction(), metadataAction({ v: 'integer' }), file]);
    const snapshot = await tables.openSnapshot(table.path);
    const values = async (key: ReturnType<typeof ascending> | ReturnType<typeof descending>) =>
      String((await tables.readPage(snapshot, { order: [key], limit: 9, offset: 0 })).bytes);
    expect(await values(ascending('v'))).toBe('[{"v":null},{"v":1},{"v":2}]');
    expect(await values(descending('v'))).toBe('[{"v":2},{"v":1},{"v":null}]');
  });

  it('is empty beyond the last row, for no rows at all, and for a limit of 0', async () => {
    const snapshot = await numbers();
    const order = [ascending('id')];
    const empty = { bytes: Buffer.from('[]'), rows: 0 };
    expect(await tables.readPage(snapshot, { order, limit: 5, offset: 100 })).toEqual(empty);
    expect(await tables.readPage(snapshot, { order, limit: 0, offset: 0 })).toEqual(empty);
    await table.commit(1, [{ remove: { path: 'low.parquet' } }, { remove: { path: 'high.parquet' } }]);
    const none = await tables.openSnapshot(table.path);
    expect(await tables.readPage(none, { order, limit: 5, offset: 0 })).toEqual(empty);
    expect(await tables.countRows(none)).toBe(0);
  });

  it('takes partition columns from the log, whatever folder and file say', async () => {
    const schema = { day: 'date', id: 'long', city: 'string' };
    const metadata = metadataAction(schema, { partitionColumns: ['day', 'city'] });
    const first = await table.data('city=wrong/day=1/a.parquet', "SELECT 1::BIGINT AS id, 'wrong' AS city", {
      day: '2025-01-02',
      city: `q'"$1 é/%`,
    });
    const second = await table.data('city=__HIVE_DEFAULT_PARTITION__/b.parquet', 'SELECT 2::BIGINT AS id', {
      day: null,
      city: '',
    });
    await table.commit(0, [protocolAction(), metadata, first, second]);
    const snapshot = await tables.openSnapshot(table.path);
    const json = String(
      (await tables.readPage(snapshot, { order: [ascending('id')], limit: 9, offset: 0 })).bytes,
    );
    expect(JSON.parse(json)).toEqual([
      { day: '2025-01-02', id: 1, city: `q'"$1 é/%` },
      { day: null, id: 2, city: null },
    ]);
  });

  it('is not misled by columns that are called like its own', async () => {
    const schema = {
      file_index: 'long',
      'c0"': 'string',
      file: 'long',
      row: 'long',
      filename: 'string',
      C0: 'long',
    };
    const sql = `SELECT 5::BIGINT AS file_index, 'x' AS "c0""", 6::BIGINT AS file, 7::BIGINT AS row, 'f' AS filename, 8::BIGINT AS "C0"`;
    await table.commit(0, [protocolAction(), metadataAction(schema), await table.data('a.parquet', sql)]);
    const snapshot = await tables.openSnapshot(table.path);
    const json = String(
      (await tables.readPage(snapshot, { order: [ascending('file')], limit: 9, offset: 0 })).bytes,
    );
    expect(json).toBe('[{"file_index":5,"c0\\"":"x","file":6,"row":7,"filename":"f","C0":8}]');
  });

  it('gives null for a column that came after the file was written', async () => {
    const old = await table.data('a.parquet', 'SELECT 1::BIGINT AS id');
    const late = await table.data('b.parquet', "SELECT 'x' AS name, 2::BIGINT AS id");
    await table.commit(0, [protocolAction(), metadataAction({ id: 'long', name: 'string' }), old, late]);
    const snapshot = await tables.openSnapshot(table.path);
    const json = String(
      (await tables.readPage(snapshot, { order: [ascending('id')], limit: 9, offset: 0 })).bytes,
    );
    expect(json).toBe('[{"id":1,"name":null},{"id":2,"name":"x"}]');
  });

  it('counts rows from the footers of files that have no statistics', async () => {
    const known = await table.data('a.parquet', 'SELECT 1 AS v');
    await table.data('b.parquet', 'SELECT range::INTEGER AS v FROM range(41)');
    await table.commit(0, [
      protocolAction(),
      metadataAction({ v: 'integer' }),
      known,
      addAction('b.parquet'),
    ]);
    expect(await tables.countRows(await tables.openSnapshot(table.path))).toBe(42);
  });

  it('refuses columns that the table does not have', async () => {
    const snapshot = await numbers();
    const injected = { order: [ascending('id; DROP TABLE x')], limit: 1, offset: 0 };
    await expect(tables.readPage(snapshot, injected)).rejects.toMatchObject({ reason: 'UNKNOWN_COLUMN' });
    const hidden = { columns: ['file_index'], order: [], limit: 1, offset: 0 };
    await expect(tables.readPage(snapshot, hidden)).rejects.toMatchObject({ reason: 'UNKNOWN_COLUMN' });
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 60])('refuses a limit of %d', async (limit) => {
    const snapshot = await numbers();
    await expect(tables.readPage(snapshot, { order: [], limit, offset: 0 })).rejects.toThrow(RangeError);
  });

  it('refuses a file that a symbolic link takes out of the table', async () => {
    const outside = join(folder, 'secret.parquet');
    const file = await table.data('a.parquet', 'SELECT 1 AS v');
    await rename(join(table.path, 'a.parquet'), outside);
    await symlink(outside, join(table.path, 'a.parquet'));
    await table.commit(0, [protocolAction(), metadataAction({ v: 'integer' }), file]);
    const snapshot = await tables.openSnapshot(table.path);
    const page = tables.readPage(snapshot, { order: [], limit: 1, offset: 0 });
    await expect(page).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
  });

  it('does not take the name of a file for a pattern', async () => {
    await table.data('a.parquet', 'SELECT 1 AS v');
    await table.commit(0, [protocolAction(), metadataAction({ v: 'integer' }), addAction('*.parquet')]);
    const snapshot = await tables.openSnapshot(table.path);
    const page = tables.readPage(snapshot, { order: [], limit: 1, offset: 0 });
    await expect(page).rejects.toMatchObject({ reason: 'FILE_MISSING' });
  });

  it('forgets a table that was deleted and made again', async () => {
    const file = await table.data('a.parquet', 'SELECT 1 AS v');
    await table.commit(0, [protocolAction(), metadataAction({ v: 'integer' }), file]);
    const request = { order: [], limit: 1, offset: 0 };
    const before = await tables.openSnapshot(table.path, { version: 0 });
    await tables.readPage(before, request);
    await rm(join(table.path, 'a.parquet'));
    await expect(tables.readPage(before, request)).rejects.toMatchObject({ reason: 'FILE_MISSING' });
    const other = await table.data('b.parquet', 'SELECT 2 AS v');
    await table.commit(0, [protocolAction(), metadataAction({ v: 'integer' }), other]);
    const after = await tables.openSnapshot(table.path, { version: 0 });
    expect(String((await tables.readPage(after, request)).bytes)).toBe('[{"v":2}]');
  });

  it('fails on a file that is no Parquet instead of leaving its rows out', async () => {
    await writeFile(join(table.path, 'a.parquet'), 'PAR1 nothing PAR1');
    await table.commit(0, [protocolAction(), metadataAction({ v: 'integer' }), addAction('a.parquet')]);
    const snapshot = await tables.openSnapshot(table.path);
    await expect(tables.readPage(snapshot, { order: [], limit: 1, offset: 0 })).rejects.toThrow();
  });
});
