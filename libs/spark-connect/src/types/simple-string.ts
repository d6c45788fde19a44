import type { DataType } from './data-type';
import { toDdl } from './data-type-text';

/** The short form Spark prints types in, e.g. `struct<id:bigint,tags:array<string>>` (`DataType.simpleString`). */
export function simpleString(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `array<${simpleString(type.elementType)}>`;
    case 'map':
      return `map<${simpleString(type.keyType)},${simpleString(type.valueType)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, dataType }) => `${name}:${simpleString(dataType)}`).join(',')}>`;
    case 'udt':
      return simpleString(type.sqlType);
    case 'string':
      return type.collation === undefined ? 'string' : `string collate ${type.collation}`;
    default:
      return toDdl(type).toLowerCase();
  }
}
