import type { SortKey } from '@millrace/domain';
import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

const ROWS = 12_000;
/** The least that the writer of these files takes. */
const ROWS_OF_GROUP = 2_048;

let tables: DeltaTables;
let table: DeltaTableFixture;

useDeltaTable('tied rows', (used) => ({ tables, table } = used));

/** SQL of the key of row `n`. In a file rows with one key come in the opposite order of their ids. */
const keys = [
  ['none', 'n'],
  ['some two', 'n - n % 1000 // 999'],
  ['all two', 'n // 2'],
  ['all three, so that one is cut by each part', 'n // 3'],
  ['as many as are sorted with a page', 'n // 64'],
  ['one more', 'n // 65'],
  ['many in the middle, few around', 'CASE WHEN n BETWEEN 3950 AND 6100 THEN 3950 ELSE n // 3 * 3 END'],
  ['all', '7'],
] as const;

const orders: readonly (readonly SortKey[])[] = [
  [
    { column: 'key', direction: 'asc' },
    { column: 'id', direction: 'asc' },
  ],
  [
    { column: 'key', direction: 'desc' },
    { column: 'id', direction: 'asc' },
  ],
  [
    { column: 'key', direction: 'asc' },
    { column: 'id', direction: 'desc' },
  ],
];

const LIMITS = [100, 1_999, 2_500];

it.each(keys)('rows with one key are told apart by the rest of the order: %s', async (_name, key) => {
  const files = await Promise.all(
    ['a', 'b'].map((file, rest) => {
      const rows = `SELECT 2 * n + ${rest} AS n FROM range(${ROWS / 2}) AS rows(n)`;
      const sql = `SELECT CAST(${key} AS BIGINT) AS key, n AS id FROM (${rows}) ORDER BY key, id DESC`;
      return table.data(`${file}.parquet`, sql, {}, ROWS_OF_GROUP);
    }),
  );
  await table.commit(0, [protocolAction(), metadataAction({ key: 'long', id: 'long' }), ...files]);
  const snapshot = await tables.openSnapshot(table.path);
  const json = String((await tables.readPage(snapshot, { order: [], limit: ROWS, offset: 0 })).bytes);
  const rows = JSON.parse(json) as { key: number; id: number }[];
  // Each order once before, and once after its keys were walked through.
  for (const order of [...orders, ...orders]) {
    await tables.settled();
    const [first, second] = order.map(({ direction }) => (direction === 'asc' ? 1 : -1));
    const expected = rows.toSorted(
      (one, other) => (first ?? 1) * (one.key - other.key) || (second ?? 1) * (one.id - other.id),
    );
    for (const limit of LIMITS) {
      for (let offset = 0; offset < ROWS; offset += Math.max(limit, 330)) {
        const page = await tables.readPage(snapshot, { order, limit, offset });
        expect(JSON.parse(String(page.bytes))).toEqual(expected.slice(offset, offset + limit));
      }
    }
  }
});
