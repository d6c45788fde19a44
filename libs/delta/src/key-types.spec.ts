import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';
import { duckDbType } from './rows/duckdb-type';
import type { PrimitiveType } from './snapshot/table-schema';

const ROWS = 12_000;
/** The least that the writer of these files takes. */
const ROWS_OF_GROUP = 2_048;

let tables: DeltaTables;
let table: DeltaTableFixture;

useDeltaTable('key types', (used) => ({ tables, table } = used));

/** Of a row by its number `i`, ascending. */
const keys: readonly (readonly [PrimitiveType, string])[] = [
  ['long', '-9223372036854775807 - 1 + i'],
  ['long', '9223372036854775807 - 11999 + i'],
  ['integer', '2147483647 - 11999 + i'],
  ['short', 'i - 6000'],
  ['byte', '(i // 100) - 60'],
  ['date', "DATE '9999-12-31' - 6000 + i::INTEGER"],
  ['date', "CASE WHEN i > 11900 THEN DATE 'infinity' ELSE DATE '1970-01-01' - 6000 + i::INTEGER END"],
  ['timestamp_ntz', "TIMESTAMP '0001-01-01 00:00:00.000001' + to_microseconds(i * 7)"],
  ['timestamp', "CASE WHEN i < 100 THEN '-infinity' ELSE TIMESTAMPTZ '9999-12-31' + to_seconds(i) END"],
];

it.each(keys)('pages follow a column of %s: %s', async (name, key) => {
  const type = duckDbType({ kind: 'primitive', name });
  const schema = { key: name, i: 'long' } as const;
  const files = await Promise.all(
    ['a', 'b'].map((file, rest) => {
      const rows = `SELECT 2 * n + ${rest} AS i FROM range(${ROWS / 2}) AS rows(n)`;
      const sql = `SELECT CAST(${key} AS ${type}) AS key, i FROM (${rows})`;
      return table.data(`${file}.parquet`, sql, {}, ROWS_OF_GROUP);
    }),
  );
  await table.commit(0, [protocolAction(), metadataAction(schema), ...files]);
  const snapshot = await tables.openSnapshot(table.path);
  const ascending = Array.from({ length: ROWS }, (_, i) => ({ i }));
  for (const direction of ['asc', 'desc'] as const) {
    const order = ['key', 'i'].map((column) => ({ column, direction }));
    const expected = direction === 'asc' ? ascending : ascending.toReversed();
    for (const offset of [0, 5_001, 11_890]) {
      const json = String(
        (await tables.readPage(snapshot, { columns: ['i'], order, limit: 100, offset })).bytes,
      );
      expect(JSON.parse(json)).toEqual(expected.slice(offset, offset + 100));
    }
  }
});
