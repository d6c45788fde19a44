/** Types a stored column can have, in Spark SQL's own (DDL) spelling. */
export const COLUMN_TYPES = [
  'string',
  'int',
  'bigint',
  'double',
  'boolean',
  'date',
  'timestamp',
  'array<string>',
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

/** One column of an event, a table or an analysis. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** A column of a table that only the streams write; bytes come from Kafka and never out of an analysis. */
export interface StoredColumn {
  readonly name: string;
  readonly type: ColumnType | 'binary';
  readonly nullable: boolean;
}

/** Spark DDL of the columns, as `from_json` and `DataFrameReader.schema` take it. */
export function toSparkDdl(columns: readonly StoredColumn[]): string {
  return columns
    .map((column) => `${column.name} ${column.type.toUpperCase()}${column.nullable ? '' : ' NOT NULL'}`)
    .join(', ');
}
