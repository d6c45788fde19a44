import {
  ArrayType,
  BinaryType,
  BooleanType,
  DoubleType,
  LongType,
  MapType,
  StringType,
  StructField,
  StructType,
  TimestampType,
  type DataType,
} from '../types/data-type';
import { Timestamp } from '../types/timestamp';
import {
  described,
  isList,
  isMissing,
  isRow,
  type InputRow,
  type InputTuple,
  type InputValue,
} from './input-values';
import { refuseUnsafeWhole } from './whole-number';

/** A value and the row it came from, to name the row of one that does not fit the others. */
interface Located {
  readonly row: number;
  readonly value: Exclude<InputValue, null | undefined>;
}

type Kind =
  'text' | 'boolean' | 'integer' | 'fraction' | 'bigint' | 'timestamp' | 'bytes' | 'list' | 'map' | 'struct';

const SCALAR_TYPES = new Map<Kind, DataType>([
  ['text', StringType],
  ['boolean', BooleanType],
  ['integer', LongType],
  ['bigint', LongType],
  ['fraction', DoubleType],
  ['timestamp', TimestampType],
  ['bytes', BinaryType],
]);

/**
 * The schema of rows from their values, all of them: a safe whole number or a bigint is BIGINT, a column with any other number (a
 * fraction, -0, a number beyond the range of BIGINT) DOUBLE,
 * `Date` and `Timestamp` TIMESTAMP, a `Map` MAP, a plain object STRUCT. Columns are in the order in which they first appear; of one row's
 * members JavaScript puts those named by a whole number first.
 * @param names - of the columns of rows that are lists; `_1`, `_2`, ... if left out, as in PySpark.
 * @throws TypeError naming the column without a value to tell the type from, or row and column of a value that does not fit the others
 * or has no SQL type; RangeError for a whole number that is not safe and within the range of BIGINT.
 */
export function inferSchema(
  rows: readonly (InputRow | InputTuple)[],
  names: readonly string[] = [],
): StructType {
  if (rows.length === 0) throw new TypeError('no schema can be inferred from no rows: give one');
  if (areLists(rows)) return inferTuples(rows, names);
  return structOf(
    allObjects(rows).map((value, row) => ({ row, value })),
    '',
  );
}

/** Whether all rows are lists; a hole in the array of rows is none. */
export function areLists(rows: readonly (InputRow | InputTuple)[]): rows is readonly InputTuple[] {
  return rows.findIndex((row) => !isList(row)) < 0;
}

/**
 * The rows, once they are known to be plain objects.
 * @throws TypeError naming one that is not.
 */
export function allObjects(rows: readonly (InputRow | InputTuple)[]): readonly InputRow[] {
  const other = rows.findIndex((row) => !isRow(row));
  if (other < 0) return rows as readonly InputRow[];
  throw new TypeError(`row ${String(other)}: rows must be all plain objects or all lists`);
}

function inferTuples(rows: readonly InputTuple[], names: readonly string[]): StructType {
  const width = rows[0]?.length ?? 0;
  const other = rows.findIndex((row) => row.length !== width);
  if (other >= 0)
    throw new TypeError(`row ${String(other)} has another number of values than row 0 (${String(width)})`);
  if (names.length > width)
    throw new TypeError(`row 0 has ${String(width)} values for ${String(names.length)} columns`);
  const fields = Array.from({ length: width }, (_, at) => {
    const name = names[at] ?? `_${String(at + 1)}`;
    const values = presentOnly(rows.map((row, index) => ({ row: index, value: row[at] })));
    return new StructField(name, typeOf(values, name));
  });
  return new StructType(fields);
}

function structOf(structs: readonly Located[], path: string): StructType {
  const names = new Set<string>();
  for (const { value } of structs) for (const name of Object.keys(value)) names.add(name);
  const fields = [...names].map((name) => {
    const values = presentOnly(structs.map(({ row, value }) => ({ row, value: (value as InputRow)[name] })));
    return new StructField(name, typeOf(values, path === '' ? name : `${path}.${name}`));
  });
  return new StructType(fields);
}

function typeOf(values: readonly Located[], path: string): DataType {
  const [first] = values;
  if (first === undefined)
    throw new TypeError(`column ${path} has no value to infer its type from: give a schema`);
  const kind = commonKind(values, path);
  switch (kind) {
    case 'list':
      return new ArrayType(
        typeOf(
          partsOf(values, ({ value }) => value as InputTuple),
          `${path}[]`,
        ),
      );
    case 'map': {
      const keys = partsOf(values, ({ value }) => (value as ReadonlyMap<InputValue, InputValue>).keys());
      const mapped = partsOf(values, ({ value }) => (value as ReadonlyMap<InputValue, InputValue>).values());
      return new MapType(typeOf(keys, `${path}.key`), typeOf(mapped, `${path}.value`));
    }
    case 'struct':
      return structOf(values, path);
    default:
      return SCALAR_TYPES.get(kind) ?? StringType;
  }
}

function commonKind(values: readonly Located[], path: string): Kind {
  let common: Kind | undefined;
  for (const { row, value } of values) {
    if (typeof value === 'number') refuseUnsafeWhole(value, `row ${String(row)}, column ${path}: `);
    const kind = kindOf(value);
    if (kind === undefined)
      throw new TypeError(`row ${String(row)}, column ${path}: ${described(value)} has no SQL type`);
    const merged = common === undefined ? kind : mergedKind(common, kind);
    if (merged === undefined) {
      throw new TypeError(
        `row ${String(row)}, column ${path}: ${kind} does not fit ${String(common)} of earlier rows`,
      );
    }
    common = merged;
  }
  return common ?? 'text';
}

/** A fraction beside a bigint is refused: either the bigint or the fraction would lose digits. */
function mergedKind(one: Kind, other: Kind): Kind | undefined {
  if (one === other) return one;
  const pair = new Set([one, other]);
  if (!pair.has('integer')) return undefined;
  if (pair.has('fraction')) return 'fraction';
  return pair.has('bigint') ? 'bigint' : undefined;
}

function kindOf(value: Located['value']): Kind | undefined {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return 'bigint';
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'fraction';
    default:
      return objectKind(value);
  }
}

function objectKind(value: Exclude<Located['value'], string | number | bigint | boolean>): Kind | undefined {
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'map';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Date || value instanceof Timestamp) return 'timestamp';
  return isRow(value) ? 'struct' : undefined;
}

function partsOf(values: readonly Located[], parts: (of: Located) => Iterable<InputValue>): Located[] {
  return values.flatMap((of) => presentOnly(Array.from(parts(of), (value) => ({ row: of.row, value }))));
}

function presentOnly(values: readonly { readonly row: number; readonly value: InputValue }[]): Located[] {
  return values.filter((located): located is Located => !isMissing(located.value));
}
