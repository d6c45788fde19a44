import { StringType, StructField, StructType } from 'spark-connect-js';
import type { SparkSession } from 'spark-connect-js';
import type { FileRows } from '../file-cells';

/** Cells of a row by the names of their columns. */
export type Cells = Readonly<Record<string, string>>;

/** Rows of files that exist in this process only, with all the columns that any of them has. */
export function fileRows(spark: SparkSession, rows: readonly Cells[]): FileRows {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const schema = new StructType(columns.map((name) => new StructField(name, StringType)));
  const values = rows.map((row) => columns.map((name) => row[name] ?? null));
  return { rows: spark.createDataFrame(values, schema), columns };
}
