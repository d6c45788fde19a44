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
