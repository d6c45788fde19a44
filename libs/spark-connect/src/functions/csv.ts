// Mirrors org.apache.spark.sql.functions: CSV functions.
import type { Options } from '../dataframe/option-value';
import { StructType } from '../types/data-type';
import { toDdl } from '../types/data-type-text';
import { call, type ColumnOrName } from './call';
import { Column } from './column';
import { lit } from './core';
import { optionsArgument } from './options';

/**
 * A line of CSV as a struct. With the default mode PERMISSIVE a value that cannot be parsed is NULL, with FAILFAST an error.
 * @param schema - a struct type, its DDL, or a column such as `schema_of_csv`.
 */
export function from_csv(
  column: ColumnOrName,
  schema: StructType | string | Column,
  options: Options = {},
): Column {
  const ddl = typeof schema === 'string' || schema instanceof Column ? schema : ddlOf(schema);
  return call('from_csv', column, lit(ddl), ...optionsArgument(options));
}

/** The DDL of the schema of a line of CSV, which must be a constant; a string is the CSV itself. */
export function schema_of_csv(csv: Column | string, options: Options = {}): Column {
  return call('schema_of_csv', lit(csv), ...optionsArgument(options));
}

/** A struct as a line of CSV. */
export function to_csv(column: ColumnOrName, options: Options = {}): Column {
  return call('to_csv', column, ...optionsArgument(options));
}

/** As `StructType.toDDL` in Spark, which has no blank after a comma. */
function ddlOf(schema: StructType): string {
  return schema.fields.map((field) => toDdl(new StructType([field]))).join(',');
}
