import type { DeltaType, PrimitiveType } from '../snapshot/table-schema';
import { identifier } from '../engine/sql-text';

const DUCKDB_TYPES: Readonly<Record<PrimitiveType, string>> = {
  string: 'VARCHAR',
  long: 'BIGINT',
  integer: 'INTEGER',
  short: 'SMALLINT',
  byte: 'TINYINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
};

/** The engine's name of a type of the table. */
export function duckDbType(type: DeltaType): string {
  switch (type.kind) {
    case 'primitive':
      return DUCKDB_TYPES[type.name];
    case 'decimal':
      return `DECIMAL(${String(type.precision)}, ${String(type.scale)})`;
    case 'array':
      return `${duckDbType(type.element)}[]`;
    case 'map':
      return `MAP(${duckDbType(type.key)}, ${duckDbType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${duckDbType(field.type)}`).join(', ')})`;
  }
}
