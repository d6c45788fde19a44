import { open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture, FixtureSchema } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

/** The least that the writer of these files takes. */
const ROWS_OF_GROUP = 2_048;
const SCHEMA: FixtureSchema = { at: 'timestamp', id: 'string', day: 'date' };
const START = "TIMESTAMPTZ '2025-01-15 00:00:00.000001+00'";

type Direction = 'asc' | 'desc';

interface Row {
  readonly at: string | null;
  readonly id: string;
}

let tables: DeltaTables;
let table: DeltaTableFixture;

useDeltaTable('deep pages', (used) => ({ tables, table } = used));

/** Files of 6,000 rows, each made by a query with `n` from 0. */
async function snapshotOf(files: Readonly<Record<string, string>>, schema = SCHEMA) {
  const adds = [];
  for (const [name, columns] of Object.entries(files)) {
    const sql = `SELECT ${columns}, DATE '2025-01-15' AS day FROM range(6000) AS rows(n)`;
    adds.push(await table.data(`${name}.parquet`, sql, {}, ROWS_OF_GROUP));
  }
  await table.commit(0, [protocolAction(), metadataAction(schema), ...adds]);
  return tables.openSnapshot(table.path);
}

const sorted = (name: string, step = 3) =>
  `${START} + to_microseconds(n * ${step}) AS at, '${name}' || lpad(n::VARCHAR, 5, '0') AS id`;

const order = (direction: Direction) => [
  { column: 'at', direction },
  { column: 'id', direction: 'asc' as const },
];

/** Nulls first when ascending, last when descending; then by id. */
function inOrder(rows: readonly Row[], direction: Direction): Row[] {
  const sign = direction === 'asc' ? 1 : -1;
  const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
  // Six digits, where the JSON has three: only then do texts compare as instants do.
  const instant = ({ at }: Row) => at?.replace(/\.(\d{3})Z$/, '.$1000Z') ?? '';
  return [...rows].sort(
    (one, other) => sign * compare(instant(one), instant(other)) || compare(one.id, other.id),
  );
}

describe('pages of sorted files', () => {
  const files: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['beside each other', { a: sorted('a'), b: sorted('b') }],
    ['one after the other', { a: sorted('a'), b: sorted('b').replace('n * 3', 'n * 3 + 18000') }],
    ['full of equal times', { a: sorted('a').replace('n * 3', 'n // 2000'), b: sorted('b') }],
    ['in no order', { a: sorted('a').replace('n * 3', '(n * 7919) % 6000'), b: sorted('b') }],
    [
      'with nulls',
      { a: sorted('a').replace('n * 3', 'CASE WHEN n > 5990 THEN NULL ELSE n END'), b: sorted('b') },
    ],
    ['one without the column', { a: sorted('a'), b: "'b' || lpad(n::VARCHAR, 5, '0') AS id" }],
  ];

  it.each(files)('are those of the whole table sorted: %s', async (_name, of) => {
    const snapshot = await snapshotOf(of);
    const json = String((await tables.readPage(snapshot, { order: [], limit: 20_000, offset: 0 })).bytes);
    const rows = JSON.parse(json) as Row[];
    expect(rows).toHaveLength(12_000);
    // What was asked for once is looked up in another way.
    for (const direction of ['asc', 'desc', 'asc', 'desc'] as const) {
      const expected = inOrder(rows, direction);
      for (const offset of [0, 1, 2_047, 4_100, 6_000, 9_999, 11_950]) {
        const page = await tables.readPage(snapshot, { order: order(direction), limit: 100, offset });
        expect(JSON.parse(String(page.bytes))).toEqual(expected.slice(offset, offset + 100));
        expect(page.rows).toBe(Math.min(100, 12_000 - offset));
      }
      await tables.settled();
    }
  });

  it('show the columns asked for', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const request = { columns: ['id'], order: order('asc'), limit: 2, offset: 11_998 };
    expect(String((await tables.readPage(snapshot, request)).bytes)).toBe(
      '[{"id":"a05999"},{"id":"b05999"}]',
    );
  });

  it('read the row groups they are in, and no others', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    for (const name of ['a', 'b']) await spoilRowGroup(join(table.path, `${name}.parquet`), 1);
    const page = (offset: number) => tables.readPage(snapshot, { order: order('asc'), limit: 50, offset });
    expect((await page(0)).rows).toBe(50);
    expect((await page(11_900)).rows).toBe(50);
    await expect(page(6_000)).rejects.toThrow();
  });

  it('are read without those beside them once others were read', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const page = (offset: number) => tables.readPage(snapshot, { order: order('asc'), limit: 50, offset });
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
      ['a', sorted('a', 1_800), 60_000],
      ['b', sorted('b', 180_000), 600],
    ] as const) {
      const sql = `SELECT ${columns}, DATE '2025-01-15' AS day FROM range(${rows}) AS rows(n)`;
      adds.push(await table.data(`${name}.parquet`, sql, {}, ROWS_OF_GROUP));
    }
    await table.commit(0, [protocolAction(), metadataAction(SCHEMA), ...adds]);
    const snapshot = await tables.openSnapshot(table.path);
    for (const group of [2, 10]) await spoilRowGroup(join(table.path, 'a.parquet'), group);
    const page = await tables.readPage(snapshot, { order: order('asc'), limit: 50, offset: 50_000 });
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
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const request = { order: order('asc'), limit: 1, offset: 0 };
    await tables.countRows(snapshot);
    expect((await tables.readPage(snapshot, { ...request, order: [] })).rows).toBe(1);
    await rm(join(table.path, 'a.parquet'));
    await expect(tables.readPage(snapshot, request)).rejects.toMatchObject({ reason: 'FILE_MISSING' });
  });

  it('miss a file that was cut short', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    await truncate(join(table.path, 'b.parquet'), 1_000);
    for (const by of [order('asc'), []]) {
      const page = tables.readPage(snapshot, { order: by, limit: 1, offset: 11_000 });
      await expect(page).rejects.toMatchObject({
        reason: 'FILE_MISSING',
        path: expect.stringMatching(/b\.parquet$/) as unknown,
      });
    }
  });

  it('are read by an order of other types too', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
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

describe('pages for somebody who is gone', () => {
  const page = { order: order('asc'), limit: 10, offset: 6_000 };

  it('are not begun, and the pages behind them come', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const gone = new AbortController();
    const given = Array.from({ length: 40 }, () =>
      tables.readPage(snapshot, { ...page, signal: gone.signal }),
    );
    const wanted = tables.readPage(snapshot, page);
    const outcomes = Promise.allSettled(given);
    await Promise.race(given);
    gone.abort();
    expect((await wanted).rows).toBe(10);
    const begun = (await outcomes).filter(({ status }) => status === 'fulfilled');
    expect(begun.length).toBeGreaterThan(0);
    expect(begun.length).toBeLessThan(20);
  });

  it('leave the snapshot to the others', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const asked = tables.readPage(snapshot, { ...page, signal: AbortSignal.abort() });
    await expect(asked).rejects.toThrow(/abort/i);
    expect(await tables.openSnapshot(table.path)).toBe(snapshot);
  });
});

describe('all rows in another order', () => {
  const request = { order: [{ column: 'id', direction: 'desc' as const }], limit: 12_000, offset: 0 };

  it('come sorted, and again after somebody took only some of them', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const some = tables.streamText(snapshot, request, 'ndjson');
    expect((await some.next()).value?.rows).toBe(2_048);
    await some.return();
    const ids: string[] = [];
    for await (const { bytes } of tables.streamText(snapshot, request, 'ndjson')) {
      ids.push(...linesOf(bytes).map((row) => (JSON.parse(row) as Row).id));
    }
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(new Set(ids).size).toBe(12_000);
  });

  it('keep the sign of zeros that they are sorted by', async () => {
    const zeros = `n AS id, (CASE n % 2 WHEN 0 THEN '0' ELSE '-0' END)::DOUBLE AS zero, n::DOUBLE / 7 AS other`;
    const number = `CASE WHEN id < 20 THEN zero ELSE other END AS number`;
    const sql = `* FROM (SELECT id, ${number} FROM (SELECT ${zeros} FROM range(12000) AS rows(n)))`;
    const schema = { id: 'long', number: 'double' };
    await table.commit(0, [
      protocolAction(),
      metadataAction(schema),
      await table.data('a.parquet', `SELECT ${sql}`),
    ]);
    const snapshot = await tables.openSnapshot(table.path);
    const byNumber = {
      order: ['number', 'id'].map((column) => ({ column, direction: 'asc' as const })),
      columns: ['number'],
    };
    const all = { ...byNumber, limit: 12_000, offset: 0 };
    const { value } = await tables.streamText(snapshot, all, 'ndjson').next();
    expect(linesOf(value?.bytes).slice(0, 4)).toEqual([
      '{"number":0.0}',
      '{"number":-0.0}',
      '{"number":0.0}',
      '{"number":-0.0}',
    ]);
  });

  it('come in turn with the pages, once they are sorted', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const rows = tables.streamText(snapshot, request, 'ndjson');
    await rows.next();
    let read = 0;
    const pages = Array.from({ length: 40 }, async () => {
      await tables.readPage(snapshot, { order: order('asc'), limit: 10, offset: 6_000 });
      read += 1;
    });
    await Promise.race(pages);
    expect((await rows.next()).value?.rows).toBeGreaterThan(2_048);
    expect(read).toBeGreaterThan(30);
    await Promise.all(pages);
    await rows.return();
  });

  it('are not sorted for whoever is gone, whose going leaves the snapshot to the others', async () => {
    const snapshot = await snapshotOf({ a: sorted('a'), b: sorted('b') });
    const rows = tables.streamText(snapshot, { ...request, signal: AbortSignal.abort() }, 'ndjson');
    await expect(rows.next()).rejects.toThrow(/abort/i);
    expect(await tables.openSnapshot(table.path)).toBe(snapshot);
  });
});

const linesOf = (text: unknown) => String(text).split('\n').slice(0, -1);

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
