import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { dateText } from '../arrow/exact-text';
import { ProtocolError } from '../errors/spark-connect-error';
import {
  ExpressionSchema,
  Expression_LiteralSchema,
  type Expression,
  type Expression_Literal,
  type Expression_Literal_Struct,
} from '../generated/spark/connect/expressions_pb';
import type { RowObject, RowValue } from '../types/row';
import { Timestamp } from '../types/timestamp';

/** Values that can stand in a plan. `number` becomes INT or BIGINT if integral and safe, else DOUBLE; use `bigint` for BIGINT. */
export type LiteralValue = string | number | bigint | boolean | null | Date | Timestamp | Uint8Array;

type LiteralInit = NonNullable<MessageInitShape<typeof Expression_LiteralSchema>['literalType']>;

const MAX_INT = 2_147_483_647;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** The literal of a JavaScript value; types as in PySpark's `lit`. */
export function literalOf(value: LiteralValue): Expression_Literal {
  return create(Expression_LiteralSchema, { literalType: literalType(value) });
}

/** As {@link literalOf}, as an expression. */
export function literalExpression(value: LiteralValue): Expression {
  return create(ExpressionSchema, { exprType: { case: 'literal', value: literalOf(value) } });
}

function literalType(value: LiteralValue): LiteralInit {
  switch (typeof value) {
    case 'string':
      return { case: 'string', value };
    case 'boolean':
      return { case: 'boolean', value };
    case 'bigint':
      if (value < MIN_LONG || value > MAX_LONG)
        throw new RangeError('a BIGINT has 64 bits; pass a decimal as text and cast it');
      return { case: 'long', value };
    case 'number':
      return numberLiteral(value);
    default:
      return objectLiteral(value);
  }
}

function numberLiteral(value: number): LiteralInit {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { case: 'double', value };
  return Math.abs(value) <= MAX_INT ? { case: 'integer', value } : { case: 'long', value: BigInt(value) };
}

function objectLiteral(value: Date | Timestamp | Uint8Array | null): LiteralInit {
  if (value === null) return { case: 'null', value: { kind: { case: 'null', value: {} } } };
  if (value instanceof Uint8Array) return { case: 'binary', value };
  if (value instanceof Timestamp) return { case: 'timestamp', value: value.epochMicros };
  return { case: 'timestamp', value: Timestamp.fromDate(value).epochMicros };
}

/** The value a literal of the server holds (observed metrics). */
export function literalToValue(literal: Expression_Literal): RowValue {
  const { literalType: type } = literal;
  switch (type.case) {
    case 'null':
      return null;
    case 'decimal':
      return type.value.value;
    case 'date':
      return dateText(type.value);
    case 'timestamp':
    case 'timestampNtz':
      return new Timestamp(type.value);
    case 'array':
      return type.value.elements.map(literalToValue);
    case 'map':
      return new Map(type.value.keys.map((key, at) => [literalToValue(key), valueAt(type.value.values, at)]));
    case 'struct':
      return structValue(type.value);
    default:
      return scalarValue(type);
  }
}

function scalarValue(type: Expression_Literal['literalType']): RowValue {
  if (typeof type.value === 'object' && !(type.value instanceof Uint8Array)) return unsupported(type.case);
  return type.value ?? unsupported(type.case);
}

function structValue(struct: Expression_Literal_Struct): RowObject {
  const kind = struct.structType?.kind;
  const names = kind?.case === 'struct' ? kind.value.fields.map((field) => field.name) : [];
  return Object.fromEntries(
    struct.elements.map((element, at) => [names[at] ?? `_${String(at + 1)}`, literalToValue(element)]),
  );
}

function valueAt(values: readonly Expression_Literal[], at: number): RowValue {
  const value = values[at];
  return value === undefined ? null : literalToValue(value);
}

function unsupported(kind: string | undefined): never {
  throw new ProtocolError(`the server sent a literal this client does not read: ${String(kind)}`);
}
