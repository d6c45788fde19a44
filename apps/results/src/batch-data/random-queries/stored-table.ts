import { DeltaTableFixture, metadataAction, protocolAction, removeAction } from '@millrace/delta/fixtures';
import type { FixtureAction } from '@millrace/delta/fixtures';
import { compareCells, decimalOf, decimalText, isoDay, isoMillis, numberText } from './cell';
import type { Cell, CellType } from './cell';
import type { ModelColumn, ModelFile, ModelTable, ModelVersion } from './model-table';

/** The least that the writer of the files takes. */
const ROWS_OF_GROUP = 2_048;

/** Writes a table of the model as a Delta table: a commit for each version, at its time. */
export async function storeTable(path: string, table: ModelTable): Promise<void> {
  const fixture = await DeltaTableFixture.create(path);
  try {
    let before: ModelVersion | undefined;
    for (const version of table.versions) {
      const actions = await actionsOf(fixture, table, before, version);
      await fixture.commit(version.version, [
        { commitInfo: { inCommitTimestamp: version.time.getTime() } },
        ...(before === undefined ? [protocolAction()] : []),
        ...actions,
      ]);
      before = version;
    }
  } finally {
    fixture.close();
  }
}

async function actionsOf(
  fixture: DeltaTableFixture,
  { partitionColumn }: ModelTable,
  before: ModelVersion | undefined,
  { columns, files }: ModelVersion,
): Promise<FixtureAction[]> {
  const actions: FixtureAction[] = [];
  if (before?.columns !== columns) {
    const schema = Object.fromEntries(columns.map(({ name, type }) => [name, deltaType(type)]));
    const partitionColumns = partitionColumn === undefined ? [] : [partitionColumn];
    actions.push(metadataAction(schema, { partitionColumns }));
  }
  const old = before?.files ?? [];
  for (const { path } of old.filter((file) => !files.includes(file))) {
    actions.push(removeAction(path.split('/').map(encodeURIComponent).join('/')));
  }
  for (const file of files.filter((one) => !old.includes(one))) {
    const partitionValues = partitionColumn === undefined ? {} : { [partitionColumn]: file.partition };
    const { add } = await fixture.data(file.path, sqlOf(file), partitionValues, ROWS_OF_GROUP);
    actions.push({ add: { ...(add as object), stats: statsOf(file) } });
  }
  return actions;
}

function deltaType(type: CellType): unknown {
  return type === 'array<string>' ? { type: 'array', elementType: 'string', containsNull: true } : type;
}

const CASTS: Readonly<Partial<Record<CellType, (text: string) => string>>> = {
  string: (text) => text,
  long: (text) => `${text}::BIGINT`,
  integer: (text) => `${text}::INTEGER`,
  short: (text) => `${text}::SMALLINT`,
  byte: (text) => `${text}::TINYINT`,
  float: (text) => `${text}::FLOAT`,
  double: (text) => `${text}::DOUBLE`,
  boolean: (text) => `${text}::BOOLEAN`,
  binary: (text) => `from_base64(${text})`,
  date: (text) => `DATE '1970-01-01' + ${text}::INTEGER`,
  timestamp: (text) => `make_timestamp(${text}::BIGINT)::TIMESTAMPTZ`,
  timestamp_ntz: (text) => `make_timestamp(${text}::BIGINT)`,
  'array<string>': (text) => `from_json(${text}, '["VARCHAR"]')`,
};

/** A query with the rows of a file: each column is a list of texts, which are cast. */
function sqlOf({ columns, rows }: ModelFile): string {
  const lists = columns.map(({ type }, index) => {
    const texts = JSON.stringify(rows.map((row) => storedText(type, row[index] ?? null)));
    return `unnest(from_json('${texts.replaceAll("'", "''")}', '["VARCHAR"]')) AS t${index}`;
  });
  const cast = columns.map(({ name, type }, index) => {
    const value = CASTS[type]?.(`t${index}`) ?? `t${index}::${type}`;
    return `${value} AS "${name.replaceAll('"', '""')}"`;
  });
  return `SELECT ${cast.join(', ')} FROM (SELECT ${lists.join(', ')})`;
}

function storedText(type: CellType, cell: Cell): string | null {
  if (cell === null) return null;
  if (typeof cell === 'object') return JSON.stringify(cell);
  if (typeof cell === 'number') return numberText(cell);
  const decimal = decimalOf(type);
  return decimal !== undefined && typeof cell === 'bigint' ? decimalText(cell, decimal.scale) : String(cell);
}

/** As Spark notes them: times cut to the millisecond, nothing of types without an order or without a value. */
function statsOf({ stats, rows, columns }: ModelFile): string | undefined {
  if (stats === 'none') return undefined;
  if (stats === 'count') return JSON.stringify({ numRecords: rows.length });
  const noted = columns.map((column, index) =>
    notedOf(
      column,
      rows.map((row) => row[index] ?? null),
    ),
  );
  const object = (part: 'min' | 'max' | 'nulls') =>
    `{${noted.flatMap((one) => (one[part] === undefined ? [] : [`${JSON.stringify(one.name)}:${one[part]}`])).join(',')}}`;
  return `{"numRecords":${rows.length},"minValues":${object('min')},"maxValues":${object('max')},"nullCount":${object('nulls')}}`;
}

function notedOf({ name, type }: ModelColumn, cells: readonly Cell[]) {
  const known = cells.filter((cell) => cell !== null).toSorted(compareCells);
  const nulls = String(cells.length - known.length);
  const [lowest, highest] = [known[0], known.at(-1)];
  if (typeof lowest !== 'bigint' || typeof highest !== 'bigint') return { name, nulls };
  return { name, nulls, min: notedText(type, lowest), max: notedText(type, highest) };
}

function notedText(type: CellType, value: bigint): string {
  if (type === 'date') return JSON.stringify(isoDay(value));
  if (type === 'timestamp') return JSON.stringify(`${isoMillis(value)}Z`);
  if (type === 'timestamp_ntz') return JSON.stringify(isoMillis(value));
  const decimal = decimalOf(type);
  return decimal === undefined ? String(value) : decimalText(value, decimal.scale);
}
