import type { DataFrame } from '../dataframe/dataframe';
import { expr } from '../functions/core';
import type { SparkSession } from '../session/spark-session';

/** How long some rows take to compute. */
export interface Slowness {
  readonly rows: number;
  readonly msPerRow: number;
  /** Tasks that run beside each other. Default 2. */
  readonly partitions?: number;
}

/**
 * Rows that take a known time on any machine, and no processor: each sleeps in its task. An interrupt ends the sleep.
 * The columns are `id` and `slept`.
 */
export function slowRows(spark: SparkSession, { rows, msPerRow, partitions = 2 }: Slowness): DataFrame {
  const sleep = `reflect('java.lang.Thread', 'sleep', ${String(msPerRow)}L)`;
  return spark.range(0, rows, 1, partitions).select('id', expr(sleep).as('slept'));
}
