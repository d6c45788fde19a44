import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { isMissing, isRow, type InputRow, type InputValue } from '../arrow/input-values';
import { classNameOf } from '../arrow/plain-object';
import { epochDayOf } from '../arrow/exact-text';
import { refuseUnsafeWhole } from '../arrow/whole-number';
import { Expression_LiteralSchema, type Expression_Literal } from '../generated/spark/connect/expressions_pb';
import type { ArrayType, DataType, DecimalType, IntervalType, MapType, StructType } from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';
import { toSql } from '../types/data-type-text';
import { Timestamp } from '../types/timestamp';

type LiteralInit = NonNullable<MessageInitShape<typeof Expression_LiteralSchema>['literalType']>;

const MAX_DECIMAL_PRECISION = 38;

/**
 * The literal of exactly this type. Values are those of rows: DATE `'YYYY-MM-DD'` (`'+10000-01-01'` and `'-0044-03-15'` as rows give
 * them), DECIMAL digits as text, TIMESTAMP and TIMESTAMP_NTZ a
 * `Date` or `Timestamp`, year-month intervals months, day-time intervals microseconds, INTERVAL `{ months, days, microseconds }`, STRUCT
 * an object of its fields.
 * @throws TypeError for a value of another type, RangeError for one that does not fit, TypeError for a type without literals.
 */
export function typedLiteralOf(value: InputValue, type: DataType): Expression_Literal {
  // A literal says no fields of an interval, an element's are said by the type of its array.
  if (isInterval(type) && !hasAllFields(type) && !isMissing(value)) {
    throw new TypeError(`a literal cannot be ${toSql(type)}: cast one with all fields`);
  }
  if (type.kind !== 'decimal' || isMissing(value)) return elementOf(value, type);
  const { precision, scale } = type;
  return literal({ case: 'decimal', value: { value: decimalDigits(value, type), precision, scale } });
}

function literal(literalType: LiteralInit): Expression_Literal {
  return create(Expression_LiteralSchema, { literalType });
}

function elementOf(value: InputValue, type: DataType): Expression_Literal {
  if (isMissing(value)) return literal({ case: 'null', value: dataTypeToProto(type) });
  return literal(initOf(value, type));
}

function initOf(value: InputValue, type: DataType): LiteralInit {
  switch (type.kind) {
    case 'decimal':
      return decimalElement(value, type);
    case 'array':
      return arrayInit(value, type);
    case 'map':
      return mapInit(value, type);
    case 'struct':
      return structInit(value, type);
    default:
      return numberInit(value, type);
  }
}

function numberInit(value: InputValue, type: DataType): LiteralInit {
  switch (type.kind) {
    case 'tinyint':
      return { case: 'byte', value: Number(integer(value, type, 8)) };
    case 'smallint':
      return { case: 'short', value: Number(integer(value, type, 16)) };
    case 'int':
      return { case: 'integer', value: Number(integer(value, type, 32)) };
    case 'bigint':
      return { case: 'long', value: integer(value, type, 64) };
    case 'float':
      return { case: 'float', value: float(value, type) };
    case 'double':
      return { case: 'double', value: typeof value === 'number' ? value : refuse(value, type, 'a number') };
    default:
      return otherInit(value, type);
  }
}

function otherInit(value: InputValue, type: DataType): LiteralInit {
  switch (type.kind) {
    case 'string':
      return { case: 'string', value: typeof value === 'string' ? value : refuse(value, type, 'a string') };
    case 'boolean':
      return {
        case: 'boolean',
        value: typeof value === 'boolean' ? value : refuse(value, type, 'a boolean'),
      };
    case 'binary':
      // A copy: the caller may use the buffer again before the plan is sent.
      return { case: 'binary', value: Uint8Array.from(bytes(value, type)) };
    default:
      return timeInit(value, type);
  }
}

function timeInit(value: InputValue, type: DataType): LiteralInit {
  switch (type.kind) {
    case 'date':
      return { case: 'date', value: epochDay(value, type) };
    case 'timestamp':
      return { case: 'timestamp', value: micros(value, type) };
    case 'timestamp_ntz':
      return { case: 'timestampNtz', value: micros(value, type) };
    case 'year_month_interval':
      return { case: 'yearMonthInterval', value: Number(integer(value, type, 32)) };
    case 'day_time_interval':
      return { case: 'dayTimeInterval', value: integer(value, type, 64) };
    case 'interval':
      return calendarInterval(value, type);
    default:
      throw new TypeError(
        `a literal cannot be ${toSql(type)}: make a literal of another type and convert it`,
      );
  }
}

function bytes(value: InputValue, type: DataType): Uint8Array {
  return value instanceof Uint8Array ? value : refuse(value, type, 'bytes');
}

function integer(value: InputValue, type: DataType, bits: number): bigint {
  if (typeof value === 'number') refuseUnsafeWhole(value);
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return refuse(value, type, 'an integer');
  const exact = BigInt(value as bigint | number);
  if (BigInt.asIntN(bits, exact) === exact) return exact;
  throw new RangeError(`${toSql(type)} has ${String(bits)} bits, too few for ${exact.toString()}`);
}

function float(value: InputValue, type: DataType): number {
  if (typeof value !== 'number') return refuse(value, type, 'a number');
  const rounded = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(rounded)) {
    throw new RangeError(`${String(value)} is too large for FLOAT`);
  }
  return rounded;
}

/** The digits, once they are known to fit. */
function decimalDigits(value: InputValue, type: DecimalType): string {
  const { precision, scale } = type;
  if (!(precision >= 1 && precision <= MAX_DECIMAL_PRECISION && scale >= 0 && scale <= precision)) {
    throw new RangeError(`there is no DECIMAL(${String(precision)},${String(scale)})`);
  }
  const text = digitsOf(value, type);
  const [whole = '', fraction = ''] = text.replace(/^[+-]?0*/, '').split('.');
  if (whole.length <= precision - scale && fraction.length <= scale) return text;
  throw new RangeError(`${text} does not fit into ${toSql(type)}`);
}

function digitsOf(value: InputValue, type: DataType): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)))
    return String(value);
  const isDecimal = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value);
  return isDecimal ? value : refuse(value, type, "digits, such as '12.50'");
}

/** In an array, map or struct the type is said by the whole; an element says what its digits need, as Spark's client does. */
function decimalElement(value: InputValue, type: DecimalType): LiteralInit {
  const text = decimalDigits(value, type);
  const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  const precision = Math.max(1, text.replace('.', '').replace(/^[+-]?0*/, '').length);
  return { case: 'decimal', value: { value: text, precision, scale } };
}

function epochDay(value: InputValue, type: DataType): number {
  return typeof value === 'string' ? epochDayOf(value) : refuse(value, type, "a text 'YYYY-MM-DD'");
}

function micros(value: InputValue, type: DataType): bigint {
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new RangeError('an invalid Date');
  if (value instanceof Date) return Timestamp.fromDate(value).epochMicros;
  return value instanceof Timestamp
    ? integer(value.epochMicros, type, 64)
    : refuse(value, type, 'a Date or a Timestamp');
}

function calendarInterval(value: InputValue, type: DataType): LiteralInit {
  const { months = 0, days = 0, microseconds = 0, ...others } = objectOf(value, type);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(`an INTERVAL has no ${unknown}, but months, days and microseconds`);
  return {
    case: 'calendarInterval',
    value: {
      months: Number(integer(months, type, 32)),
      days: Number(integer(days, type, 32)),
      microseconds: integer(microseconds, type, 64),
    },
  };
}

function arrayInit(value: InputValue, type: ArrayType): LiteralInit {
  if (!Array.isArray(value)) return refuse(value, type, 'an array');
  const elements = Array.from(value as readonly InputValue[], (element) => {
    if (isMissing(element) && !type.containsNull) throw new TypeError('null in an array that contains none');
    return elementOf(element, type.elementType);
  });
  return { case: 'array', value: { elementType: dataTypeToProto(type.elementType), elements } };
}

function mapInit(value: InputValue, type: MapType): LiteralInit {
  if (!(value instanceof Map)) return refuse(value, type, 'a Map');
  const entries = [...(value as ReadonlyMap<InputValue, InputValue>)];
  if (entries.some(([key]) => isMissing(key))) throw new TypeError('null cannot be the key of a map');
  if (!type.valueContainsNull && entries.some(([, entry]) => isMissing(entry))) {
    throw new TypeError('null in a map that contains none');
  }
  return {
    case: 'map',
    value: {
      keyType: dataTypeToProto(type.keyType),
      valueType: dataTypeToProto(type.valueType),
      keys: entries.map(([key]) => elementOf(key, type.keyType)),
      values: entries.map(([, entry]) => elementOf(entry, type.valueType)),
    },
  };
}

function structInit(value: InputValue, type: StructType): LiteralInit {
  const row = objectOf(value, type);
  const unknown = Object.keys(row).find((name) => type.field(name) === undefined);
  if (unknown !== undefined) throw new TypeError(`${toSql(type)} has no field ${unknown}`);
  const elements = type.fields.map(({ name, dataType, nullable }) => {
    if (!nullable && isMissing(row[name])) throw new TypeError(`the field ${name} is not nullable`);
    return elementOf(row[name], dataType);
  });
  return { case: 'struct', value: { structType: dataTypeToProto(type), elements } };
}

function objectOf(value: InputValue, type: DataType): InputRow {
  return isRow(value) ? value : refuse(value, type, 'a plain object');
}

function isInterval(type: DataType): type is IntervalType {
  return type.kind === 'year_month_interval' || type.kind === 'day_time_interval';
}

function hasAllFields({ kind, startField, endField }: IntervalType): boolean {
  return startField === 0 && endField === (kind === 'day_time_interval' ? 3 : 1);
}

function refuse(value: InputValue, type: DataType, wanted: string): never {
  throw new TypeError(`${toSql(type)} is made of ${wanted}, not of ${describe(value)}`);
}

function describe(value: InputValue): string {
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  return Array.isArray(value) ? 'an array' : `a ${classNameOf(value)}`;
}
