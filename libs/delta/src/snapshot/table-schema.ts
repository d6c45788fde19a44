import { isObject } from '../log/log-action';
import type { JsonObject } from '../log/log-action';

/** Names of the types without parameters, as the Delta protocol spells them, except decimal. */
export const PRIMITIVE_TYPES = [
  'string',
  'long',
  'integer',
  'short',
  'byte',
  'float',
  'double',
  'boolean',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
] as const;
export type PrimitiveType = (typeof PRIMITIVE_TYPES)[number];

export type DeltaType =
  | { readonly kind: 'primitive'; readonly name: PrimitiveType }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: DeltaType }
  | { readonly kind: 'map'; readonly key: DeltaType; readonly value: DeltaType }
  | { readonly kind: 'struct'; readonly fields: readonly DeltaField[] };

export interface DeltaField {
  readonly name: string;
  readonly type: DeltaType;
  readonly nullable: boolean;
}

/** A type of the schema that this reader does not know. */
export class UnknownDeltaType extends Error {
  constructor(readonly typeName: string) {
    super(`unknown type ${typeName}`);
    this.name = 'UnknownDeltaType';
  }
}

/**
 * Parses `metaData.schemaString`.
 *
 * @throws UnknownDeltaType, SyntaxError, TypeError
 */
export function parseTableSchema(schemaString: string): readonly DeltaField[] {
  const schema = parseType(JSON.parse(schemaString));
  if (schema.kind !== 'struct') throw new TypeError('the schema is not a struct');
  return schema.fields;
}

const DECIMAL = /^decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)$/;

function parseType(type: unknown): DeltaType {
  if (typeof type === 'string') return parseTypeName(type);
  if (!isObject(type)) throw new TypeError('a type is neither a name nor an object');
  switch (type['type']) {
    case 'struct':
      return { kind: 'struct', fields: parseFields(type['fields']) };
    case 'array':
      return { kind: 'array', element: parseType(type['elementType']) };
    case 'map':
      return { kind: 'map', key: parseType(type['keyType']), value: parseType(type['valueType']) };
    default:
      throw new UnknownDeltaType(String(type['type']));
  }
}

function parseTypeName(typeName: string): DeltaType {
  const decimal = DECIMAL.exec(typeName);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const name = PRIMITIVE_TYPES.find((known) => known === typeName);
  if (name === undefined) throw new UnknownDeltaType(typeName);
  return { kind: 'primitive', name };
}

function parseFields(fields: unknown): readonly DeltaField[] {
  if (!Array.isArray(fields)) throw new TypeError('a struct has no fields');
  return fields.map((field: unknown) => {
    if (!isObject(field)) throw new TypeError('a field is not an object');
    return parseField(field);
  });
}

function parseField(field: JsonObject): DeltaField {
  const name = field['name'];
  if (typeof name !== 'string') throw new TypeError('a field has no name');
  return { name, type: parseType(field['type']), nullable: field['nullable'] !== false };
}
