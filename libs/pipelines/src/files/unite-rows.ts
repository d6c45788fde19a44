import type { DataFrame, SparkSession } from 'spark-connect-js';
import { col, lit } from 'spark-connect-js/functions';
import type { FileRows } from '../file-cells';

/** The name of a column or key as pipelines ask for it. */
export function columnName(text: string): string {
  return text.trim().toLowerCase();
}

/**
 * Each name once. Spark finds a column whatever the case of its letters, and some letters of lower case are one in upper case: of such
 * columns it could find none.
 */
export function distinctNames(names: readonly string[]): string[] {
  const byUpperCase = new Map<string, string>();
  for (const name of names) {
    const key = name.toUpperCase();
    if (!byUpperCase.has(key)) byUpperCase.set(key, name);
  }
  return [...byUpperCase.values()];
}

/** The rows of all of these, with the columns that any of them has: null where rows have no such column. */
export function uniteRows(spark: SparkSession, parts: readonly FileRows[]): FileRows {
  const columns = distinctNames(parts.flatMap((part) => part.columns));
  if (parts.length === 0) return { rows: spark.emptyDataFrame, columns };
  return { rows: unionOf(parts.map((part) => withColumns(part, columns))), columns };
}

function withColumns({ rows, columns: own }: FileRows, columns: readonly string[]): DataFrame {
  const cells = columns.map((name) =>
    own.includes(name) ? col(`\`${name.replaceAll('`', '``')}\``) : lit(null).cast('string').alias(name),
  );
  return rows.select(...cells);
}

/** In halves: a chain of hundreds would be nested deeper than the server reads a plan. */
function unionOf(frames: readonly DataFrame[]): DataFrame {
  const [first, second] = frames;
  if (first === undefined) throw new Error('a union of nothing');
  if (second === undefined) return first;
  const middle = frames.length >> 1;
  return unionOf(frames.slice(0, middle)).union(unionOf(frames.slice(middle)));
}
