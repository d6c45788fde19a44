import { open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { ROWS_OF_GROUP, TIMED_SCHEMA, byTime, timed, timedFiles } from './fixtures/timed-rows';
import type { TimedRow } from './fixtures/timed-rows';
import { useDeltaTable } from './fixtures/use-delta-table';
import type { UsedDeltaTable } from './fixtures/use-delta-table';

type Direction = 'asc' | 'desc';

let tables: DeltaTables;
let table: DeltaTableFixture;
let used: UsedDeltaTable;

useDeltaTable('deep pages', (it) => ({ tables, table } = used = it));

/** Nulls first when ascending, last when descending; then by id. */
function inOrder(rows: readonly TimedRow[], direction: Direction): TimedRow[] {
  const sign = direction === 'asc' ? 1 : -1;
  const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
  // Six digits, where the JSON has three: only then do texts compare as instants do.
  const instant = ({ at }: TimedRow) => at?.replace(/\.(\d{3})Z$/, '.$1000Z') ?? '';
  return [...rows].sort(
    (one, other) => sign * compare(instant(one), instant(other)) || compare(one.id, other.id),
  );
}

describe('pages of sorted files', () => {
  const files: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['beside each other', { a: timed('a'), b: timed('b') }],
    ['one after the other', { a: timed('a'), b: timed('b').replace('n * 3', 'n * 3 + 18000') }],
    ['full of equal times', { a: timed('a').replace('n * 3', 'n // 2000'), b: timed('b') }],
    ['in no order', { a: timed('a').replace('n * 3', '(n * 7919) % 6000'), b: timed('b') }],
    [
      'with nulls',
      { a: timed('a').replace('n * 3', 'CASE WHEN n > 5990 THEN NULL ELSE n END'), b: timed('b') },
    ],
    ['one without the column', { a: timed('a'), b: "'b' || lpad(n::VARCHAR, 5, '0') AS id" }],
  ];

  it.each(files)('are those of the whole table sorted: %s', async (_name, of) => {
    const snapshot = await timedFiles(used, of);
    const json = String((await tables.readPage(snapshot, { order: [], limit: 20_000, offset: 0 })).bytes);
    const rows = JSON.parse(json) as TimedRow[];
    expect(rows).toHaveLength(12_000);
    // What was asked for once is looked up in another way.
    for (const direction of ['asc', 'desc', 'asc', 'desc'] as const) {
      const expected = inOrder(rows, direction);
      for (const offset of [0, 1, 2_047, 4_100, 6_000, 9_999, 11_950]) {
        const page = await tables.readPage(snapshot, { order: byTime(direction), limit: 100, offset });
        expect(JSON.parse(String(page.bytes))).toEqual(expected.slice(offset, offset + 100));
        expect(page.rows).toBe(Math.min(100, 12_000 - offset));
      }
      await tables.settled();
    }
  });

  it('show the columns asked for', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const request = { columns: ['id'], order: byTime('asc'), limit: 2, offset: 11_998 };
    expect(String((await tables.readPage(snapshot, request)).bytes)).toBe(
      '[{"id":"a05999"},{"id":"b05999"}]',
    );
  });

  it('read the row groups they are in, and no others', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    for (const name of ['a', 'b']) await spoilRowGroup(join(table.path, `${name}.parquet`), 1);
    const page = (offset: number) => tables.readPage(snapshot, { order: byTime('asc'), limit: 50, offset });
    expect((await page(0)).rows).toBe(50);
    expect((await page(11_900)).rows).toBe(50);
    await expect(page(6_000)).rejects.toThrow();
  });

  it('are read without those beside them once others were read', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const page = (offset: number) => tables.readPage(snapshot, { order: byTime('asc'), limit: 50, offset });
    await page(0);
    await tables.settled();
    for (const name of ['a', 'b']) await spoilRowGroup(join(table.path, `${name}.parquet`), 0);
    const { rows, bytes } = await page(5_000);
    expect(rows).toBe(50);
    expect(String(bytes)).toMatch(/^\[\{[^}]*"id":"a02500"/);
    await expect(page(4_000)).rejects.toThrow();
  });

  it('read no more of them where one file has rows of all times', async () => {
    const adds = [];
    for (const [name, columns, rows] of [
      ['a', timed('a', 1_800), 60_000],
      ['b', timed('b', 180_000), 600],
    ] as const) {
      const sql = `SELECT ${columns}, DATE '2025-01-15' AS day FROM range(${rows}) AS rows(n)`;
      adds.push(await table.data(`${name}.parquet`, sql, {}, ROWS_OF_GROUP));
    }
    await table.commit(0, [protocolAction(), metadataAction(TIMED_SCHEMA), ...adds]);
    const snapshot = await tables.openSnapshot(table.path);
    for (const group of [2, 10]) await spoilRowGroup(join(table.path, 'a.parquet'), group);
    const page = await tables.readPage(snapshot, { order: byTime('asc'), limit: 50, offset: 50_000 });
    expect(page.rows).toBe(50);
  });

  it('open no file of which the log says that they are not in it', async () => {
    const sql = (from: number) => `SELECT ${from} + n AS id FROM range(6000) AS rows(n)`;
    const files = await Promise.all(
      [0, 6_000].map(async (from) => {
        const { add } = await table.data(`from-${from}.parquet`, sql(from));
        const stats = {
          numRecords: 6_000,
          minValues: { id: from },
          maxValues: { id: from + 5_999 },
          nullCount: { id: 0 },
        };
        return { add: { ...(add as object), stats: JSON.stringify(stats) } };
      }),
    );
    await table.commit(0, [protocolAction(), metadataAction({ id: 'long' }), ...files]);
    await table.write('from-0.parquet', 'no Parquet');
    const snapshot = await tables.openSnapshot(table.path);
    const page = async (direction: Direction, offset: number) =>
      String(
        (await tables.readPage(snapshot, { order: [{ column: 'id', direction }], limit: 2, offset })).bytes,
      );
    expect(await page('asc', 6_000)).toBe('[{"id":6000},{"id":6001}]');
    expect(await page('desc', 0)).toBe('[{"id":11999},{"id":11998}]');
    await expect(page('asc', 5_999)).rejects.toThrow();
  });

  it('miss a file that was deleted meanwhile', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const request = { order: byTime('asc'), limit: 1, offset: 0 };
    await tables.countRows(snapshot);
    expect((await tables.readPage(snapshot, { ...request, order: [] })).rows).toBe(1);
    await rm(join(table.path, 'a.parquet'));
    await expect(tables.readPage(snapshot, request)).rejects.toMatchObject({ reason: 'FILE_MISSING' });
  });

  it('miss a file that was cut short', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    await truncate(join(table.path, 'b.parquet'), 1_000);
    for (const by of [byTime('asc'), []]) {
      const page = tables.readPage(snapshot, { order: by, limit: 1, offset: 11_000 });
      await expect(page).rejects.toMatchObject({
        reason: 'FILE_MISSING',
        path: expect.stringMatching(/b\.parquet$/) as unknown,
      });
    }
  });

  it('are read by an order of other types too', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const by = (column: string) => [{ column, direction: 'desc' as const }];
    const ids = { columns: ['id'], limit: 1, offset: 6_000 };
    expect(String((await tables.readPage(snapshot, { ...ids, order: by('id') })).bytes)).toBe(
      '[{"id":"a05999"}]',
    );
    expect(String((await tables.readPage(snapshot, { ...ids, order: by('day') })).bytes)).toBe(
      '[{"id":"b00000"}]',
    );
  });
});

/** Overwrites the values of a row group; the footer stays as it is. */
async function spoilRowGroup(file: string, group: number): Promise<void> {
  const { asyncBufferFromFile, parquetMetadataAsync } = await import('hyparquet');
  const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(file));
  const handle = await open(file, 'r+');
  for (const { meta_data: chunk } of groups[group]?.columns ?? []) {
    const start = Number(chunk?.dictionary_page_offset ?? chunk?.data_page_offset);
    await handle.write(Buffer.alloc(Number(chunk?.total_compressed_size), 255), 0, undefined, start);
  }
  await handle.close();
}
