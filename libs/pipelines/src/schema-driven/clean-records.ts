import type { AnalysisColumns } from '@millrace/domain';
import type { Column, DataFrame } from 'spark-connect-js';
import { coalesce, col, count, count_if, lit, lower, rlike, when } from 'spark-connect-js/functions';
import { exactNumberOf, textOf } from '../file-cells';
import type { FileRows } from '../file-cells';
import { CONTRACT_METRICS } from '../pipeline';

const UNKNOWN = 'UNKNOWN';
const TRUE_WORDS = ['true', 't', 'yes', 'y', '1', 'on'];
/** A time without its day would be of today. */
const WITH_DAY = '^\\d{4}-\\d{1,2}-\\d{1,2}';

/** Up to 15 digits before the point: as many as a double keeps, so that nothing grows out of it on the way. */
const READABLE = 'decimal(21,6)';
/** Room for one digit more, and for ten thousand million of them added up. */
const SUMMABLE = 'decimal(28,6)';

/**
 * Rows of files to records of a data set (C-011 to C-014), with the columns that its definition names: the timestamp, the day of it
 * (`<timestamp>_date`), dimensions as text, numerics as doubles, booleans. Rows without a time are counted and dropped. A dimension
 * that is blank or missing is UNKNOWN, a number that cannot be read 0, and what does not say yes is false.
 */
export function cleanRecords(files: FileRows, analysis: AnalysisColumns): DataFrame {
  const { timestamp, dimensions, numerics, booleans } = analysis;
  return files.rows
    .select(
      timeOf(textOf(files, timestamp)).alias(timestamp),
      ...dimensions.map((name) => coalesce(textOf(files, name), lit(UNKNOWN)).alias(name)),
      ...numerics.map((name) => numberOf(textOf(files, name)).alias(name)),
      ...booleans.map((name) => isTrue(textOf(files, name)).alias(name)),
    )
    .withColumn(`${timestamp}_date`, col(timestamp).cast('date'))
    .observe(
      CONTRACT_METRICS,
      count(lit(1)).alias('received'),
      count_if(col(timestamp).isNull()).alias('rejected'),
    )
    .filter(col(timestamp).isNotNull());
}

/** UTC, where the text names no zone. */
function timeOf(text: Column): Column {
  return when(rlike(text, lit(WITH_DAY)), text.tryCast('timestamp'));
}

function numberOf(text: Column): Column {
  return coalesce(exactNumberOf(text).tryCast(READABLE).cast('double'), lit(0).cast('double'));
}

function isTrue(text: Column): Column {
  return coalesce(lower(text).isin(...TRUE_WORDS), lit(false));
}

/** A number of a clean record, as something that adds up exactly. */
export const summable = (name: string): Column => col(name).cast(SUMMABLE);
