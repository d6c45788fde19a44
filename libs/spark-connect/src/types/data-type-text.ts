import type { AtomicType, DataType, IntervalType, StructField } from './data-type';

/** By their number. */
export const YEAR_MONTH_FIELDS: readonly string[] = ['year', 'month'];
export const DAY_TIME_FIELDS: readonly string[] = ['day', 'hour', 'minute', 'second'];

/** Spark's DDL, e.g. `id BIGINT NOT NULL, tags ARRAY<STRING>` for a struct at the top, `STRUCT<...>` nested. */
export function toDdl(type: DataType): string {
  return type.kind === 'struct' ? type.fields.map((field) => fieldDdl(field, ' ')).join(', ') : typeDdl(type);
}

/** The type as SQL writes it, a struct as `STRUCT<id: BIGINT>` (`DataType.sql`). */
export function toSql(type: DataType): string {
  return typeDdl(type);
}

function typeDdl(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${String(type.precision)},${String(type.scale)})`;
    case 'char':
    case 'varchar':
      return `${type.kind.toUpperCase()}(${String(type.length)})`;
    case 'array':
      return `ARRAY<${typeDdl(type.elementType)}>`;
    case 'map':
      return `MAP<${typeDdl(type.keyType)}, ${typeDdl(type.valueType)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((field) => fieldDdl(field, ': ')).join(', ')}>`;
    case 'year_month_interval':
    case 'day_time_interval':
      return intervalText(type).toUpperCase();
    case 'udt':
      return typeDdl(type.sqlType);
    default:
      return atomicDdl(type);
  }
}

function atomicDdl({ kind, collation }: AtomicType): string {
  return collation === undefined ? kind.toUpperCase() : `${kind.toUpperCase()} COLLATE ${collation}`;
}

function fieldDdl(field: StructField, separator: string): string {
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(field.name)
    ? field.name
    : `\`${field.name.replaceAll('`', '``')}\``;
  return `${name}${separator}${typeDdl(field.dataType)}${field.nullable ? '' : ' NOT NULL'}`;
}

function intervalText(type: IntervalType): string {
  const names = type.kind === 'year_month_interval' ? YEAR_MONTH_FIELDS : DAY_TIME_FIELDS;
  const [start = '', end = ''] = [names[type.startField], names[type.endField]];
  return start === end ? `interval ${start}` : `interval ${start} to ${end}`;
}
