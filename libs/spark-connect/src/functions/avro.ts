// Mirrors org.apache.spark.sql.avro.functions.
import type { Options } from '../dataframe/option-value';
import { call, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';
import { optionsArgument } from './options';

// The server needs the jar `spark-avro`.

/**
 * Avro bytes as a value; data of another schema than the one given is an error or silently wrong.
 * @param jsonFormatSchema - the Avro schema the bytes were written with.
 */
export function from_avro(column: ColumnOrName, jsonFormatSchema: string, options: Options = {}): Column {
  return call('from_avro', column, lit(jsonFormatSchema), ...optionsArgument(options));
}

/**
 * A value as Avro bytes.
 * @param jsonFormatSchema - the Avro schema to write with; that of the column's type if left out.
 */
export function to_avro(column: ColumnOrName, jsonFormatSchema?: string): Column {
  return jsonFormatSchema === undefined
    ? call('to_avro', column)
    : call('to_avro', column, lit(jsonFormatSchema));
}
