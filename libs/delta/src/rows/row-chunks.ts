import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';

/** Rows of a chunk of a result, column by column: rows as arrays would be made only to be taken apart again. */
export interface ChunkRows {
  readonly chunk: DuckDBDataChunk;
  readonly from: number;
  readonly to: number;
}

/** Rows in chunks that follow each other, from one of them on and before another. */
export function rowsOfChunks(
  chunks: readonly DuckDBDataChunk[],
  from = 0,
  to = Number.POSITIVE_INFINITY,
): ChunkRows[] {
  const rows: ChunkRows[] = [];
  let first = 0;
  for (const chunk of chunks) {
    const { rowCount } = chunk;
    const part = { chunk, from: Math.max(0, from - first), to: Math.min(rowCount, to - first) };
    if (part.from < part.to) rows.push(part);
    first += rowCount;
  }
  return rows;
}

export const numberOfRows = (rows: readonly ChunkRows[]): number =>
  rows.reduce((sum, { from, to }) => sum + to - from, 0);

/** The values of a column, as the engine's client has them. */
export function columnValues(rows: readonly ChunkRows[], column: number): DuckDBValue[] {
  const values: DuckDBValue[] = [];
  for (const { chunk, from, to } of rows) {
    const vector = chunk.getColumnVector(column);
    for (let row = from; row < to; row += 1) values.push(vector.getItem(row));
  }
  return values;
}

/** 0 in place of what is no number, as of a null. */
export const numberOf = (value: DuckDBValue | undefined): number => (typeof value === 'number' ? value : 0);
