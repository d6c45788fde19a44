import type { AnalysisEntry } from '@millrace/domain';
import type { CallOptions, Column, DataFrame } from 'spark-connect-js';
import { coalesce, col, regexp_replace } from 'spark-connect-js/functions';
import { withFileSystem } from './file-path';

/**
 * Writes rows as Parquet files, a folder for each value of a column (`order_date=2025-01-15`). Values that the rows have are written anew,
 * those of earlier runs stay; null is a folder of its own.
 * @param folder - an absolute path that the server sees, or one with its file system.
 */
export async function writeParquetFiles(
  rows: DataFrame,
  partitionColumn: string,
  folder: string,
  options: CallOptions = {},
): Promise<void> {
  await rows
    // Else each task writes a file of its own into each folder.
    .repartition(col(partitionColumn))
    .write.mode('overwrite')
    .option('partitionOverwriteMode', 'dynamic')
    .partitionBy(partitionColumn)
    .parquet(withFileSystem(folder), options);
}

/**
 * Writes the rows of an analysis as one CSV file with a header (as RFC 4180 but for lines that end with LF, UTF-8), in place of whatever is in the folder: in the order of
 * the analysis, an empty value for null, numbers without exponents.
 * @param folder - an absolute path that the server sees, or one with its file system.
 */
export async function writeCsvFile(
  rows: DataFrame,
  { columns, order }: AnalysisEntry,
  folder: string,
  options: CallOptions = {},
): Promise<void> {
  const keys = order.map(({ column, direction }) =>
    direction === 'asc' ? col(column).ascNullsLast() : col(column).descNullsLast(),
  );
  const one = rows.coalesce(1);
  const sorted = keys.length === 0 ? one : one.sortWithinPartitions(...keys);
  await sorted
    .select(...columns.map(({ name, type }) => (type === 'double' ? plainNumber(name) : col(name))))
    .write.mode('overwrite')
    .options({
      header: true,
      escape: '"',
      ignoreLeadingWhiteSpace: false,
      ignoreTrailingWhiteSpace: false,
    })
    .csv(withFileSystem(folder), options);
}

/** Spark spells ten millions as 1.0E7. Six digits behind the point at most; a number of more than 32 before it keeps its exponent. */
function plainNumber(name: string): Column {
  const digits = col(name).tryCast('decimal(38,6)').cast('string');
  return coalesce(regexp_replace(digits, '[.]?0+$', ''), col(name).cast('string')).alias(name);
}
