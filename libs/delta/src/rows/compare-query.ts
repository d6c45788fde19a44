import { literal } from '../engine/sql-text';
import type { TextList } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { DeltaField, DeltaType } from '../snapshot/table-schema';
import { duckDbType } from './duckdb-type';
import { jsonObject, jsonValue } from './json-expression';
import type { RowQuery } from './page-query';
import { allRows, columnName, requireColumn } from './row-source';

/** One of two tables that are compared. */
export interface ComparedTable {
  readonly snapshot: Snapshot;
  readonly locations: readonly string[];
}

/** What became of a row: it is in both tables and the same or not, in the later one only, or in the earlier one only. */
export type RowChange = 'same' | 'changed' | 'new' | 'vanished';

/** The rows of two tables side by side: those of equal keys, nulls among them, beside each other. */
interface Joined {
  /** SQL of a relation with the columns `b0`, `a0`, … (before and after) and `change`. */
  readonly sql: string;
  readonly lists: readonly TextList[];
  readonly keys: readonly DeltaField[];
  readonly measures: readonly DeltaField[];
}

const WHOLE_NUMBERS = new Set(['long', 'integer', 'short', 'byte']);
const FLOATS = new Set(['float', 'double']);

/** How many rows there are of each change. @throws UnknownDeltaColumn */
export function changesQuery(before: ComparedTable, after: ComparedTable, keys: readonly string[]): RowQuery {
  const { sql, lists } = joined(before, after, keys);
  return { sql: `SELECT change, count(*) FROM (${sql}) GROUP BY 1`, lists };
}

/**
 * A page of the comparison in the order of the keys, each row as the text of `{"key":{},"change":"","measures":{}}`. A measure has
 * `before` and `after`; one that is a number also `change` and `changePercent`, null where there is no number to tell.
 *
 * @param keys that tell rows apart, in both tables.
 * @throws UnknownDeltaColumn
 */
export function comparisonQuery(
  before: ComparedTable,
  after: ComparedTable,
  keys: readonly string[],
  page: { readonly limit: number; readonly offset: number },
): RowQuery {
  const { sql, lists, keys: keyFields, measures } = joined(before, after, keys);
  const keyValues = keyFields.map((field, index) => ({ field, expression: `k${index}` }));
  const members = measures.map(
    (field, index) => `${literal(`${JSON.stringify(field.name)}:`)}, ${measure(field, index)}`,
  );
  const object = [
    `'{"key":'`,
    jsonObject(keyValues),
    `',"change":"'`,
    'change',
    `'","measures":{'`,
    members.length === 0 ? `''` : members.join(`, ',', `),
    `'}}'`,
  ];
  const order = keyFields.map((_, index) => `k${index} ASC NULLS FIRST`);
  return {
    sql: `SELECT concat(${object.join(', ')}) FROM (${sql}) ORDER BY ${order.join(', ')} LIMIT ${page.limit} OFFSET ${page.offset}`,
    lists,
  };
}

function joined(before: ComparedTable, after: ComparedTable, keys: readonly string[]): Joined {
  const keyFields = keys.map((name) => requireColumn(after.snapshot, name).field);
  const measures = after.snapshot.schema.filter(
    (field) => !keys.includes(field.name) && hasSame(before.snapshot, field),
  );
  const fields = [...keyFields, ...measures];
  const one = sideOf(before, fields, 1);
  const other = sideOf(after, fields, 1 + one.lists.length);
  const columns = fields.map((_, index) => index);
  const isKey = (index: number) => index < keyFields.length;
  const on = columns.filter(isKey).map((index) => `b.v${index} IS NOT DISTINCT FROM a.v${index}`);
  const same = columns
    .filter((index) => !isKey(index))
    .map((index) => `b.v${index} IS NOT DISTINCT FROM a.v${index}`);
  const change = `CASE WHEN b.there IS NULL THEN 'new' WHEN a.there IS NULL THEN 'vanished' WHEN ${['true', ...same].join(' AND ')} THEN 'same' ELSE 'changed' END AS change`;
  const shown = columns.map((index) =>
    isKey(index)
      ? `CASE WHEN a.there THEN a.v${index} ELSE b.v${index} END AS k${index}`
      : `b.v${index} AS b${index - keyFields.length}, a.v${index} AS a${index - keyFields.length}`,
  );
  return {
    sql: `SELECT ${[change, ...shown].join(', ')} FROM (${one.sql}) AS b FULL OUTER JOIN (${other.sql}) AS a ON ${on.join(' AND ')}`,
    lists: [...one.lists, ...other.lists],
    keys: keyFields,
    measures,
  };
}

/** The rows of one table as `v0`, `v1`, …, and that they are `there`. */
function sideOf(
  { snapshot, locations }: ComparedTable,
  fields: readonly DeltaField[],
  firstParameter: number,
): { readonly sql: string; readonly lists: readonly TextList[] } {
  if (locations.length === 0) {
    const nothing = fields.map(({ type }, index) => `NULL::${duckDbType(type)} AS v${index}`);
    return { sql: `SELECT true AS there, ${nothing.join(', ')} WHERE false`, lists: [] };
  }
  const names = fields.map(({ name }) => name);
  const source = allRows(snapshot, names, locations, firstParameter);
  const values = names.map(
    (name, index) => `${columnName(requireColumn(snapshot, name).index)} AS v${index}`,
  );
  return { sql: `SELECT true AS there, ${values.join(', ')} FROM (${source.sql})`, lists: source.lists };
}

const hasSame = ({ schema }: Snapshot, { name, type }: DeltaField) =>
  schema.some((field) => field.name === name && JSON.stringify(field.type) === JSON.stringify(type));

function measure({ type }: DeltaField, index: number): string {
  const [before, after] = [`b${index}`, `a${index}`];
  const parts = [`'{"before":'`, jsonValue(before, type), `',"after":'`, jsonValue(after, type)];
  const change = changeOf(before, after, type);
  if (change === undefined) return [...parts, `'}'`].join(', ');
  const percent = `(CASE WHEN ${before} <> 0 THEN 100 * ${change.sql}::DOUBLE / abs(${before}::DOUBLE) END)`;
  const changeJson = jsonValue(change.sql, change.type);
  return [
    ...parts,
    `',"change":'`,
    changeJson,
    `',"changePercent":'`,
    jsonValue(percent, DOUBLE),
    `'}'`,
  ].join(', ');
}

const DOUBLE: DeltaType = { kind: 'primitive', name: 'double' };
const LONG: DeltaType = { kind: 'primitive', name: 'long' };
const MAX_DIGITS = 38;

/** The difference: exact where the numbers are, null where it has too many digits. Undefined of what is not a number. */
function changeOf(
  before: string,
  after: string,
  type: DeltaType,
): { readonly sql: string; readonly type: DeltaType } | undefined {
  if (type.kind === 'decimal') {
    // The engine gives it a digit more than the numbers have.
    const precision = Math.min(MAX_DIGITS, type.precision + 1);
    return { sql: `TRY(${after} - ${before})`, type: { ...type, precision } };
  }
  if (type.kind !== 'primitive') return undefined;
  if (FLOATS.has(type.name)) return { sql: `(${after}::DOUBLE - ${before}::DOUBLE)`, type: DOUBLE };
  if (!WHOLE_NUMBERS.has(type.name)) return undefined;
  return { sql: `(${after}::HUGEINT - ${before}::HUGEINT)`, type: LONG };
}
