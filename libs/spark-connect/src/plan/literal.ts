import { refuseUnsafeWhole } from '../arrow/whole-number';
import type { Expression, Expression_Literal } from '../generated/spark/connect/expressions_pb';
import {
  ArrayType,
  BinaryType,
  BooleanType,
  DoubleType,
  IntegerType,
  LongType,
  MapType,
  NullType,
  StringType,
  TimestampType,
  type DataType,
} from '../types/data-type';
import { toSql } from '../types/data-type-text';
import { Timestamp } from '../types/timestamp';
import { isReadRightly, typedExpression } from './literal-expression';
import { typedLiteralOf } from './typed-literal';

type LiteralScalar = string | number | bigint | boolean | Date | Timestamp | Uint8Array;

/**
 * Values whose type can be inferred: `number` is INT or BIGINT if a safe whole number, else DOUBLE (so is -0), but a whole number that is
 * not safe and within the range of BIGINT is refused: it may have lost digits; `bigint` BIGINT; `Date` and `Timestamp` TIMESTAMP;
 * bytes BINARY; an array ARRAY (its holes are NULL); a `Map` MAP. Everything else (DATE, DECIMAL, STRUCT, ...) needs `typedlit`.
 */
export type LiteralValue =
  LiteralScalar | null | readonly LiteralValue[] | ReadonlyMap<LiteralScalar, LiteralValue>;

const MAX_INT = 2_147_483_647;
const MIN_INT = -2_147_483_648;

/**
 * The literal of a JavaScript value, where the protocol takes nothing else.
 * @throws TypeError for an array or map that holds NULL: Spark 4.0 would read a 0.
 */
export function literalOf(value: LiteralValue): Expression_Literal {
  const type = inferredType(value);
  const literal = typedLiteralOf(value, type);
  if (!isReadRightly(value, type)) throw new TypeError(`NULL inside of ${toSql(type)} cannot stand here`);
  return literal;
}

/** A JavaScript value as an expression: a literal wherever Spark 4.0 reads that rightly. */
export function literalExpression(value: LiteralValue): Expression {
  return typedExpression(value, inferredType(value));
}

/**
 * The type of the literal of a value.
 * @throws TypeError where the value does not tell it: an empty array, elements of different types, a plain object; RangeError for a whole
 * number that is not safe and within the range of BIGINT.
 */
export function inferredType(value: LiteralValue): DataType {
  const type = typeOf(value);
  if (value !== null && isUntold(type)) {
    throw new TypeError(`the type of an empty ${type.kind} cannot be inferred: use typedlit(value, type)`);
  }
  return type;
}

function typeOf(value: LiteralValue): DataType {
  switch (typeof value) {
    case 'string':
      return StringType;
    case 'boolean':
      return BooleanType;
    case 'bigint':
      return LongType;
    case 'number':
      return typeOfNumber(value);
    case 'object':
      return typeOfObject(value);
    default:
      throw new TypeError(`a ${typeof value} is no literal`);
  }
}

function typeOfNumber(value: number): DataType {
  refuseUnsafeWhole(value);
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return DoubleType;
  return value >= MIN_INT && value <= MAX_INT ? IntegerType : LongType;
}

function typeOfObject(value: object | null): DataType {
  if (value === null) return NullType;
  if (value instanceof Uint8Array) return BinaryType;
  if (value instanceof Timestamp || value instanceof Date) return TimestampType;
  if (Array.isArray(value)) return new ArrayType(commonType(value as readonly LiteralValue[]));
  if (value instanceof Map) {
    const map = value as ReadonlyMap<LiteralScalar, LiteralValue>;
    return new MapType(commonType([...map.keys()]), commonType([...map.values()]));
  }
  throw new TypeError('an object is no literal: use typedlit(value, structType), or struct(...) of columns');
}

function commonType(values: readonly LiteralValue[]): DataType {
  // A hole is NULL.
  return Array.from(values, (value: LiteralValue | undefined) => typeOf(value ?? null)).reduce(
    widerOf,
    NullType,
  );
}

function widerOf(one: DataType, other: DataType): DataType {
  if (one.kind === 'void') return other;
  if (other.kind === 'void') return one;
  if (one instanceof ArrayType && other instanceof ArrayType) {
    return new ArrayType(widerOf(one.elementType, other.elementType));
  }
  if (one instanceof MapType && other instanceof MapType) {
    return new MapType(widerOf(one.keyType, other.keyType), widerOf(one.valueType, other.valueType));
  }
  return one.kind === other.kind ? one : widerNumber(one, other);
}

const WIDTHS: readonly DataType['kind'][] = ['int', 'bigint', 'double'];

function widerNumber(one: DataType, other: DataType): DataType {
  const [width, otherWidth] = [WIDTHS.indexOf(one.kind), WIDTHS.indexOf(other.kind)];
  if (width < 0 || otherWidth < 0) {
    throw new TypeError(`one array or map holds ${one.kind} and ${other.kind}: its elements need one type`);
  }
  return width > otherWidth ? one : other;
}

/** Whether some element's type is not known, because there is none that is not null. */
function isUntold(type: DataType): boolean {
  if (type instanceof ArrayType) return isUntold(type.elementType);
  if (type instanceof MapType) return isUntold(type.keyType) || isUntold(type.valueType);
  return type.kind === 'void';
}
