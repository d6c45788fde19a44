import { isMissing, type InputRow, type InputValue } from '../arrow/input-values';
import { expressionOf, functionCall } from '../functions/expressions';
import type { Expression } from '../generated/spark/connect/expressions_pb';
import { StringType, type DataType } from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';
import { typedLiteralOf } from './typed-literal';

// Spark 4.0 takes some literals for other values without a word: NULL inside of an array, map or struct is read as 0, '' or false. Others,
// which its own clients send as well, it refuses: a struct inside of an array or map, a date or time inside of a struct. Such values are
// sent as calls of `array`, `map` and `named_struct` instead.

/**
 * The value as an expression of exactly this type: a literal wherever Spark 4.0 reads that rightly.
 * @throws TypeError or RangeError, as {@link typedLiteralOf}.
 */
export function typedExpression(value: InputValue, type: DataType): Expression {
  const literal = expressionOf({ case: 'literal', value: typedLiteralOf(value, type) });
  if (!isReadRightly(value, type)) return castTo(type, callOf(value, type));
  // A literal has no place for the collation of a text.
  const isCollated = type.kind === 'string' && type.collation !== undefined && !isMissing(value);
  return isCollated ? castTo(type, literal) : literal;
}

function castTo(type: DataType, expr: Expression): Expression {
  const castToType = { case: 'type', value: dataTypeToProto(type) } as const;
  return expressionOf({ case: 'cast', value: { expr, castToType } });
}

/** Whether Spark 4.0 reads the literal of this value as this value. */
export function isReadRightly(value: InputValue, type: DataType): boolean {
  return isMissing(value) || !(holdsNull(value, type) || isRefused(type));
}

function holdsNull(value: InputValue, type: DataType): boolean {
  return partsOf(value, type).some(([part, partType]) => isMissing(part) || holdsNull(part, partType));
}

type TypedPart = readonly [value: InputValue, type: DataType];

/** What an array, map (keys and values in turn) or struct holds. */
function partsOf(value: InputValue, type: DataType): readonly TypedPart[] {
  switch (type.kind) {
    case 'array':
      return Array.from(value as readonly InputValue[], (element) => [element, type.elementType]);
    case 'map':
      return [...(value as ReadonlyMap<InputValue, InputValue>)].flatMap(([key, entry]): TypedPart[] => [
        [key, type.keyType],
        [entry, type.valueType],
      ]);
    case 'struct':
      return type.fields.map(({ name, dataType }) => [(value as InputRow)[name], dataType]);
    default:
      return [];
  }
}

function isRefused(type: DataType): boolean {
  if (type.kind === 'struct') return holdsAny(type, TIMES);
  return holdsAny(type, ['struct']);
}

type Kind = DataType['kind'];

const TIMES: readonly Kind[] = [
  'date',
  'timestamp',
  'timestamp_ntz',
  'year_month_interval',
  'day_time_interval',
];

/** Whether a part of the type, at any depth, is of one of these kinds. */
function holdsAny(type: DataType, kinds: readonly Kind[]): boolean {
  return partTypesOf(type).some((part) => kinds.includes(part.kind) || holdsAny(part, kinds));
}

function partTypesOf(type: DataType): readonly DataType[] {
  switch (type.kind) {
    case 'array':
      return [type.elementType];
    case 'map':
      return [type.keyType, type.valueType];
    case 'struct':
      return type.fields.map(({ dataType }) => dataType);
    default:
      return [];
  }
}

function callOf(value: InputValue, type: DataType): Expression {
  const parts = partsOf(value, type).map(([part, partType]) => typedExpression(part, partType));
  if (type.kind !== 'struct') return functionCall(type.kind, parts);
  const names = type.fields.map(({ name }) => typedExpression(name, StringType));
  return functionCall(
    'named_struct',
    parts.flatMap((part, at) => [...names.slice(at, at + 1), part]),
  );
}
