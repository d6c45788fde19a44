import { RecordBatchStreamWriter, tableFromIPC } from 'apache-arrow';
import type { Data, RecordBatch, Table } from 'apache-arrow';
import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture, FixtureSchema } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';
import { ROWS_OF_EVERY_TYPE, SCHEMA_OF_EVERY_TYPE } from './every-type.fixture';

let tables: DeltaTables;
let table: DeltaTableFixture;

useDeltaTable('arrow batches', (used) => ({ tables, table } = used));

async function snapshotOf(schema: FixtureSchema, sql: string) {
  await table.commit(0, [protocolAction(), metadataAction(schema), await table.data('a.parquet', sql)]);
  return tables.openSnapshot(table.path);
}

const order = [{ column: 'id', direction: 'asc' as const }];

/** As another program reads them. */
async function received(batches: AsyncIterable<RecordBatch>): Promise<Table> {
  const all: RecordBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return tableFromIPC(RecordBatchStreamWriter.writeAll(all).toUint8Array(true));
}

const columnOf = (arrow: Table, name: string): unknown[] => {
  const column = arrow.getChild(name);
  return Array.from({ length: arrow.numRows }, (_, row) => column?.get(row) as unknown);
};

it('record batches have every value as it is stored', async () => {
  const snapshot = await snapshotOf(SCHEMA_OF_EVERY_TYPE, ROWS_OF_EVERY_TYPE);
  const arrow = await received(tables.streamArrow(snapshot, { order, limit: 10, offset: 0 }));
  expect(arrow.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual([
    'id Int32',
    'text Utf8',
    'whole Int64',
    'small Int16',
    'tiny Int8',
    'single Float32',
    'real Float64',
    'flag Bool',
    'raw Binary',
    'day Date32<DAY>',
    'at Timestamp<MICROSECOND, UTC>',
    'clock Timestamp<MICROSECOND>',
    'price Decimal[38e+2]',
    'tags List<Utf8>',
    'place Struct<{x:Int64}>',
    'counts Map<{key:Utf8, value:Int32}>',
  ]);
  expect(columnOf(arrow, 'text')).toEqual(['', 'é"😀', null]);
  expect(columnOf(arrow, 'whole')).toEqual([2n ** 63n - 1n, -(2n ** 63n), null]);
  expect(columnOf(arrow, 'small')).toEqual([-32_768, 32_767, null]);
  expect(columnOf(arrow, 'tiny')).toEqual([-128, 127, null]);
  expect(columnOf(arrow, 'single')).toEqual([0.5, -2, null]);
  expect(columnOf(arrow, 'real')).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, null]);
  expect(columnOf(arrow, 'flag')).toEqual([true, false, null]);
  expect(columnOf(arrow, 'raw')).toEqual([Uint8Array.of(0, 255), Uint8Array.of(), null]);
  const stored = (name: string) =>
    Array.from((arrow.getChild(name)?.data[0]?.values ?? []) as Iterable<unknown>);
  expect(stored('day').slice(0, 3)).toEqual([-1, 47_540, 0]);
  expect(stored('at').slice(0, 3)).toEqual([-1n, 9_214_646_400_000_001n, 0n]);
  expect(stored('clock').slice(0, 3)).toEqual([1_736_928_000_000_001n, 0n, 0n]);
  expect(stored('price').slice(0, 12)).toEqual([
    ...wordsOf(-99_999_999_999_999_999_999_999_999_999_999_999_999n),
    ...wordsOf(1n),
    ...wordsOf(0n),
  ]);
  const asJson = JSON.parse(JSON.stringify(columnOf(arrow, 'tags'))) as unknown;
  expect(asJson).toEqual([['a', null], [], null]);
  expect(columnOf(arrow, 'place').map((place) => (place as { x: unknown } | null)?.x)).toEqual([
    5n,
    null,
    undefined,
  ]);
  expect(JSON.parse(JSON.stringify(columnOf(arrow, 'counts')))).toEqual([{ k: 7, n: null }, null, null]);
});

const wordsOf = (value: bigint) =>
  [0, 32, 64, 96].map((shift) => Number(BigInt.asUintN(32, BigInt.asUintN(128, value) >> BigInt(shift))));

it('have texts byte by byte, also those that begin with a mark of the order of bytes', async () => {
  const sql = `SELECT i::INTEGER AS id, chr(65279) || 'x' AS text, [chr(65279), NULL, 'é'] AS tags, {'t': chr(65279)} AS place,
    MAP {chr(65279): ['y']} AS lists FROM range(2) AS rows(i)`;
  const strings = { type: 'array', elementType: 'string', containsNull: true };
  const schema = {
    ...{ id: 'integer', text: 'string', tags: strings },
    place: { type: 'struct', fields: [{ name: 't', type: 'string', nullable: true, metadata: {} }] },
    lists: { type: 'map', keyType: 'string', valueType: strings, valueContainsNull: true },
  };
  const snapshot = await snapshotOf(schema, sql);
  const arrow = await received(tables.streamArrow(snapshot, { order, limit: 1, offset: 0 }));
  const bytesOf = (data: Data | undefined): string => {
    const bytes = data?.valueOffsets as Int32Array | undefined;
    if (data === undefined || data.children.length > 0) return (data?.children ?? []).map(bytesOf).join();
    return Buffer.from((data.values as Uint8Array).subarray(0, bytes?.at(data.length))).toString('utf8');
  };
  const texts = ['text', 'tags', 'place', 'lists'].map((name) => bytesOf(arrow.getChild(name)?.data[0]));
  expect(texts).toEqual(['\uFEFFx', '\uFEFFé', '\uFEFF', '\uFEFF,y']);
});

describe('of rows over the borders of bytes and chunks', () => {
  const COUNT = 5_003;
  const all = Array.from({ length: COUNT }, (_, id) => id);
  /** Of every third row and of some on both sides of a byte of a bitmap nothing. */
  const isNull = (id: number) => id % 3 === 1 || [7, 8, 15, 16].includes(id % 64);
  const sqlOf = (value: string) => `CASE WHEN i % 3 <> 1 AND i % 64 NOT IN (7, 8, 15, 16) THEN ${value} END`;
  const columns = {
    text: ['string', `repeat(chr((97 + i % 26)::INTEGER), i % 70)`],
    wide: ['string', `repeat('é😀', i % 9)`],
    whole: ['long', '(i - 2500) * 3000000000'],
    flag: ['boolean', 'i % 2 = 0'],
    real: ['double', `CASE WHEN i % 2 = 0 THEN '-0' ELSE 'NaN' END::DOUBLE`],
    raw: ['binary', `encode(repeat('x', i % 40))`],
  } as const;
  const schema = {
    ...{ id: 'long', tie: 'integer' },
    ...Object.fromEntries(Object.entries(columns).map(([name, [type]]) => [name, type])),
  };
  const select = `SELECT i AS id, (i // 1000)::INTEGER AS tie, ${Object.entries(columns)
    .map(([name, [, sql]]) => `${sqlOf(sql)} AS ${name}`)
    .join(', ')}`;
  const expected: Readonly<Record<keyof typeof columns, (id: number) => unknown>> = {
    text: (id) => String.fromCharCode(97 + (id % 26)).repeat(id % 70),
    wide: (id) => 'é😀'.repeat(id % 9),
    whole: (id) => BigInt(id - 2500) * 3_000_000_000n,
    flag: (id) => id % 2 === 0,
    real: (id) => (id % 2 === 0 ? -0 : Number.NaN),
    raw: (id) => new Uint8Array(id % 40).fill(120),
  };

  it.each([
    ['a page inside of ties', 'tie', 3, 21],
    ['a page over the end of ties', 'tie', 990, 3_000],
    ['more rows than are looked up at once', 'tie', 1, COUNT],
    ['rows by a key', 'id', 2_040, 17],
    ['the last rows', 'id', COUNT - 9, 100],
  ])('%s', async (_, column, offset, limit) => {
    const half = 2_500;
    const snapshot = await snapshotOf(schema, `${select} FROM range(${half}) AS rows(i)`);
    const rest = await table.data('b.parquet', `${select} FROM range(${half}, ${COUNT}) AS rows(i)`);
    await table.commit(1, [rest]);
    const both = await tables.openSnapshot(snapshot.tablePath);
    const request = { order: [{ column, direction: 'asc' as const }], offset, limit };
    const arrow = await received(tables.streamArrow(both, request));
    const ids = all.slice(offset, offset + limit);
    expect(columnOf(arrow, 'id')).toEqual(ids.map(BigInt));
    for (const [name, valueOf] of Object.entries(expected))
      expect([name, columnOf(arrow, name)]).toEqual([
        name,
        ids.map((id) => (isNull(id) ? null : valueOf(id))),
      ]);
  });
});

it('have all digits of decimals, of few and of many', async () => {
  const digits: Readonly<Record<string, readonly string[]>> = {
    'decimal(4,2)': ['-99.99', '0.01', '-0.01'],
    'decimal(9,0)': ['-999999999', '999999999', '-1'],
    'decimal(18,18)': ['-0.999999999999999999', '0.000000000000000001', '0.5'],
    'decimal(38,0)': [`-${'9'.repeat(38)}`, '18446744073709551616', '-18446744073709551617'],
    'decimal(38,10)': [`${'9'.repeat(28)}.${'9'.repeat(10)}`, '-0.0000000001', '-922337203.6854775809'],
  };
  const columns = Object.entries(digits).map(([type, values], index) => ({
    name: `d${index}`,
    type,
    values,
  }));
  const selected = columns.map(({ name, type, values: [a, b, c] }) => {
    const chosen = `CASE i WHEN 0 THEN '${String(a)}' WHEN 1 THEN '${String(b)}' WHEN 2 THEN '${String(c)}' END`;
    return `${chosen}::${type} AS ${name}`;
  });
  const schema = { id: 'integer', ...Object.fromEntries(columns.map(({ name, type }) => [name, type])) };
  const snapshot = await snapshotOf(
    schema,
    `SELECT i::INTEGER AS id, ${selected.join(', ')} FROM range(4) AS rows(i)`,
  );
  const arrow = await received(tables.streamArrow(snapshot, { order, limit: 10, offset: 0 }));
  for (const { name, type, values } of columns) {
    const scale = Number(/,(\d+)/.exec(type)?.[1]);
    const scaled = values.map((value) => wordsOf(unscaled(value, scale)));
    const words = columnOf(arrow, name).map((value) => value && Array.from(value as Uint32Array));
    expect([type, words]).toEqual([type, [...scaled, null]]);
  }
});

function unscaled(decimal: string, scale: number): bigint {
  const [whole = '', behind = ''] = decimal.split('.');
  return BigInt(whole + behind.padEnd(scale, '0'));
}

it('have texts of partitions', async () => {
  const schema = metadataAction(
    { id: 'integer', key: 'string', text: 'string' },
    { partitionColumns: ['key'] },
  );
  const keys = ['é', null, 'b'];
  const files = await Promise.all(
    keys.map((key, id) =>
      table.data(`${id}.parquet`, `SELECT ${id}::INTEGER AS id, 't${id}' AS text`, { key }),
    ),
  );
  await table.commit(0, [protocolAction(), schema, ...files]);
  const snapshot = await tables.openSnapshot(table.path);
  const arrow = await received(tables.streamArrow(snapshot, { order, limit: 10, offset: 1 }));
  expect([columnOf(arrow, 'key'), columnOf(arrow, 'text')]).toEqual([keys.slice(1), ['t1', 't2']]);
});

it('have texts that are empty and long beside each other', async () => {
  const long = 100_000;
  const sql = `SELECT i::INTEGER AS id, CASE i WHEN 1 THEN repeat('é', ${long}) WHEN 2 THEN '' END AS first,
    CASE i WHEN 0 THEN repeat('z', ${long}) WHEN 1 THEN chr(0) || 'b' ELSE '' END AS second FROM range(3) AS rows(i)`;
  const snapshot = await snapshotOf({ id: 'integer', first: 'string', second: 'string' }, sql);
  const arrow = await received(tables.streamArrow(snapshot, { order, limit: 10, offset: 0 }));
  expect(columnOf(arrow, 'first')).toEqual([null, 'é'.repeat(long), '']);
  expect(columnOf(arrow, 'second')).toEqual(['z'.repeat(long), '\0b', '']);
});

it('come in the order and with the columns asked for, however many rows', async () => {
  const schema = { id: 'integer', other: 'string' };
  const snapshot = await snapshotOf(
    schema,
    `SELECT (25000 - i)::INTEGER AS id, 'x' AS other FROM range(25000) AS rows(i)`,
  );
  for (const direction of ['asc', 'desc'] as const) {
    const request = { order: [{ column: 'id', direction }], columns: ['id'], limit: 30_000, offset: 5 };
    const arrow = await received(tables.streamArrow(snapshot, request));
    const ids = columnOf(arrow, 'id');
    expect([arrow.numCols, ids.length]).toEqual([1, 24_995]);
    expect([ids[0], ids.at(-1)]).toEqual(direction === 'asc' ? [6, 25_000] : [24_995, 1]);
  }
});

it('of no rows tell the columns', async () => {
  const snapshot = await snapshotOf({ id: 'integer' }, 'SELECT 1::INTEGER AS id');
  const filters = [{ column: 'id', operator: 'eq' as const, values: ['2'] }];
  const arrow = await received(tables.streamArrow(snapshot, { order, filters, limit: 10, offset: 0 }));
  expect([arrow.numRows, arrow.schema.fields.map(({ name }) => name)]).toEqual([0, ['id']]);
});
