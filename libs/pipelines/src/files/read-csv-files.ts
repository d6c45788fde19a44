import { StringType, StructField, StructType } from 'spark-connect-js';
import type { CallOptions, Column, SparkSession } from 'spark-connect-js';
import { col, lit, nullif, rtrim } from 'spark-connect-js/functions';
import type { FileRows } from '../file-cells';
import { groupByHeader } from './csv-headers';
import type { HeaderGroup } from './csv-headers';
import { literalPath } from './file-path';
import type { InputFile } from './list-files';
import { distinctNames, uniteRows } from './unite-rows';

/**
 * The rows of CSV files in UTF-8, each with a header of its own: the columns that any of them has, null where a file has no such column.
 * The first line of a file that is not empty is its header. Empty lines are no rows; an empty value, quoted or not, is null. Lines end with
 * LF or CRLF, also in one file, or all of them with CR; CRs at the end of a value are taken for such an end. Of columns with one name the first is read, columns
 * without a name are not. A row that is too short has nulls at its end, what is too much in one is not read. A quote that is never closed
 * takes in the rest of its file.
 * @throws SparkConnectError for a file that cannot be read; reading the rows it is thrown for a value of more than a million characters.
 */
export async function readCsvFiles(
  spark: SparkSession,
  files: readonly InputFile[],
  options: CallOptions = {},
): Promise<FileRows> {
  if (files.length === 0) return uniteRows(spark, []);
  const groups = await groupByHeader(spark, files, options);
  return uniteRows(
    spark,
    groups.map((group) => rowsOf(spark, group)),
  );
}

/** Columns are taken by their places: a header may call two of them the same, or one as Spark calls something of its own. */
function rowsOf(spark: SparkSession, { names, csvOptions, files }: HeaderGroup): FileRows {
  const schema = new StructType(names.map((_, index) => new StructField(`c${index}`, StringType)));
  const columns = distinctNames(names.filter((name) => name !== ''));
  const rows = spark.read
    .options({ ...csvOptions, header: true })
    .schema(schema)
    .csv(...files.map(({ path }) => literalPath(path)))
    .filter(isNoEmptyLine(names.length))
    .select(...columns.map((name) => withoutLineEnd(col(`c${names.indexOf(name)}`)).alias(name)));
  return { rows, columns };
}

/** Of an empty line that ends with CRLF the CR is a value. */
function isNoEmptyLine(columnCount: number): Column {
  const isEmpty = col('c0').eqNullSafe('\r');
  return (columnCount > 1 ? isEmpty.and(col('c1').isNull()) : isEmpty).not();
}

function withoutLineEnd(cell: Column): Column {
  return nullif(rtrim(cell, '\r'), lit(''));
}
