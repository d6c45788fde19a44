// Mirrors org.apache.spark.sql.functions: XML functions.
import type { Options } from '../dataframe/option-value';
import type { StructType } from '../types/data-type';
import { toSql } from '../types/data-type-text';
import { call, type ColumnOrName } from './call';
import { Column } from './column';
import { lit } from './core';
import { optionsArgument } from './options';

/**
 * An XML text as a struct. With the default mode PERMISSIVE what cannot be parsed is NULL, with FAILFAST an error.
 * @param schema - a struct type, its DDL or JSON, or a column such as `schema_of_xml`.
 */
export function from_xml(
  column: ColumnOrName,
  schema: StructType | string | Column,
  options: Options = {},
): Column {
  const type = typeof schema === 'string' || schema instanceof Column ? schema : toSql(schema);
  return call('from_xml', column, lit(type), ...optionsArgument(options));
}

/** The DDL of the schema of an XML text, which must be a constant; a string is the XML itself. */
export function schema_of_xml(xml: Column | string, options: Options = {}): Column {
  return call('schema_of_xml', lit(xml), ...optionsArgument(options));
}

/** A struct as XML text, indented; its element is the option `rowTag`. */
export function to_xml(column: ColumnOrName, options: Options = {}): Column {
  return call('to_xml', column, ...optionsArgument(options));
}

/** The texts of the nodes an XPath finds, as an array. Paths must be constants. */
export function xpath(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath', xml, path);
}

/** Whether an XPath is true or finds a node. */
export function xpath_boolean(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_boolean', xml, path);
}

/** The number an XPath finds as DOUBLE; 0 if it finds nothing, NaN if no number. */
export function xpath_double(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_double', xml, path);
}

/** The number an XPath finds as FLOAT; 0 if it finds nothing, NaN if no number. */
export function xpath_float(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_float', xml, path);
}

/** The number an XPath finds as INT; 0 if it finds none. */
export function xpath_int(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_int', xml, path);
}

/** The number an XPath finds as BIGINT; 0 if it finds none. */
export function xpath_long(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_long', xml, path);
}

/** As {@link xpath_double}. */
export function xpath_number(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_number', xml, path);
}

/** The number an XPath finds as SMALLINT; 0 if it finds none. */
export function xpath_short(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_short', xml, path);
}

/** The text of the first node an XPath finds; empty if it finds none. */
export function xpath_string(xml: ColumnOrName, path: ColumnOrName): Column {
  return call('xpath_string', xml, path);
}
