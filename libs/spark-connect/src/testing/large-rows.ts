import { createHash } from 'node:crypto';
import type { DataFrame } from '../dataframe/dataframe';
import { repeat } from '../functions/text';
import { sha2 } from '../functions/hashes';
import { col } from '../functions/core';
import type { SparkSession } from '../session/spark-session';

/** A row of `largeRows`. */
export interface LargeRow {
  readonly id: bigint;
  readonly text: string;
}

/** Bytes of one row's text. */
export const LARGE_ROW_BYTES = 1_024;
const HASH_CHARACTERS = 64;

/** Rows of a kilobyte each, in order of their ids; no text is like another, so that nothing can make them smaller. */
export function largeRows(spark: SparkSession, rows: number): DataFrame<LargeRow> {
  const hash = sha2(col('id').cast('string'), 256);
  return spark
    .range(0, rows, 1, 4)
    .select(
      'id',
      repeat(hash, LARGE_ROW_BYTES / HASH_CHARACTERS).as('text'),
    ) as unknown as DataFrame<LargeRow>;
}

/** The text that belongs to an id, computed on this side. */
export function largeText(id: bigint): string {
  return createHash('sha256')
    .update(id.toString())
    .digest('hex')
    .repeat(LARGE_ROW_BYTES / HASH_CHARACTERS);
}
