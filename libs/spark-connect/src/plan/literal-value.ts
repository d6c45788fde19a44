import { dateText } from '../arrow/exact-text';
import { ProtocolError } from '../errors/spark-connect-error';
import type {
  Expression_Literal,
  Expression_Literal_Struct,
} from '../generated/spark/connect/expressions_pb';
import type { RowObject, RowValue } from '../types/row';
import { Timestamp } from '../types/timestamp';

/** The value a literal of the server holds (observed metrics), as rows give it. */
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
