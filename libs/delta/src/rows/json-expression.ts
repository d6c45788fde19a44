import type { DeltaField, DeltaType, PrimitiveType } from '../snapshot/table-schema';
import { identifier, literal } from '../engine/sql-text';

/** A column of a row: the SQL expression that gives it, and the field it is shown as. */
export interface JsonColumn {
  readonly field: DeltaField;
  readonly expression: string;
}

/**
 * SQL that makes the JSON object of a row, so that rows never become JavaScript values (which would round 64-bit
 * integers and decimals, and cost most of the time of a large page). Nulls are written, not left out.
 */
export function jsonObject(columns: readonly JsonColumn[]): string {
  if (columns.length === 0) return literal('{}');
  const members = columns.map(
    ({ field, expression }, index) =>
      `${literal(`${index === 0 ? '{' : ','}${JSON.stringify(field.name)}:`)}, ${jsonValue(expression, field.type)}`,
  );
  return `concat(${members.join(', ')}, '}')`;
}

/**
 * SQL that makes the JSON text of a value; never null.
 *
 * Integers and decimals are written digit by digit. Doubles in the shortest form that reads back as the same bits; NaN
 * and the infinities, which JSON has no numbers for, as the strings that Spark's `to_json` writes. Timestamps as
 * ISO-8601 UTC with three digits of a second, or six where the last three are not zero; binary as base64.
 */
export function jsonValue(expression: string, type: DeltaType): string {
  return `coalesce(${notNull(expression, type)}, 'null')`;
}

function notNull(expression: string, type: DeltaType): string {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVES[type.name](expression);
    case 'decimal':
      // The engine leaves the zero before the point away where every digit is behind it.
      return type.precision === type.scale
        ? `replace(${expression}::VARCHAR, '.', '0.')`
        : `${expression}::VARCHAR`;
    case 'array':
      return `'[' || array_to_string(${eachOf(expression, type.element)}, ',') || ']'`;
    case 'map':
      return jsonMap(expression, type.key, type.value);
    case 'struct':
      return `CASE WHEN ${expression} IS NOT NULL THEN ${jsonObject(
        type.fields.map((field) => ({ field, expression: `${expression}.${identifier(field.name)}` })),
      )} END`;
  }
}

const plain = (expression: string) => `${expression}::VARCHAR`;
const quoted = (expression: string) => `'"' || ${expression}::VARCHAR || '"'`;

const PRIMITIVES: Readonly<Record<PrimitiveType, (expression: string) => string>> = {
  string: (expression) => `to_json(${expression})::VARCHAR`,
  long: plain,
  integer: plain,
  short: plain,
  byte: plain,
  float: floatingPoint,
  double: floatingPoint,
  boolean: plain,
  binary: (expression) => `'"' || base64(${expression}) || '"'`,
  date: quoted,
  timestamp: (expression) => isoTime(expression, `timezone('UTC', ${expression})`, 'Z'),
  timestamp_ntz: (expression) => isoTime(expression, expression, ''),
};

function floatingPoint(expression: string): string {
  return `CASE WHEN isfinite(${expression}) THEN ${expression}::VARCHAR WHEN isnan(${expression}) THEN '"NaN"' WHEN ${expression} > 0 THEN '"Infinity"' WHEN ${expression} < 0 THEN '"-Infinity"' END`;
}

function isoTime(expression: string, wallClock: string, suffix: string): string {
  const formatted = (fraction: string) =>
    `strftime(${wallClock}, ${literal(`"%Y-%m-%dT%H:%M:%S.${fraction}${suffix}"`)})`;
  return `CASE WHEN epoch_us(${expression}) % 1000 = 0 THEN ${formatted('%g')} ELSE ${formatted('%f')} END`;
}

/** Each nesting has a variable of its own, so that an inner list does not hide the outer one's. */
function eachOf(list: string, element: DeltaType): string {
  const variable = `x${String(depthOf(element))}`;
  return `list_transform(${list}, lambda ${variable}: ${jsonValue(variable, element)})`;
}

function jsonMap(map: string, key: DeltaType, value: DeltaType): string {
  const variable = `x${String(Math.max(depthOf(key), depthOf(value)))}`;
  const member = `concat(${jsonKey(`${variable}.key`, key)}, ':', ${jsonValue(`${variable}.value`, value)})`;
  return `'{' || array_to_string(list_transform(map_entries(${map}), lambda ${variable}: ${member}), ',') || '}'`;
}

/** Keys of an object are strings; a key of another type becomes the string of its JSON text. */
function jsonKey(expression: string, type: DeltaType): string {
  const text = jsonValue(expression, type);
  return `CASE WHEN starts_with(${text}, '"') THEN ${text} ELSE to_json(${text})::VARCHAR END`;
}

function depthOf(type: DeltaType): number {
  switch (type.kind) {
    case 'array':
      return 1 + depthOf(type.element);
    case 'map':
      return 1 + Math.max(depthOf(type.key), depthOf(type.value));
    case 'struct':
      return Math.max(0, ...type.fields.map((field) => depthOf(field.type)));
    default:
      return 0;
  }
}
