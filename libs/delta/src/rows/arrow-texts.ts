import { DuckDBBlobVector } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { numberOf } from './row-chunks';
import type { ChunkRows } from './row-chunks';

/** A column of texts as Arrow has it. */
export interface TextColumn {
  readonly data: Uint8Array;
  readonly valueOffsets: Int32Array;
}

/** Where the joined bytes of the texts of each row are. */
const JOINED = 0;
/** Fewer bytes are copied sooner one by one than by a call. */
const FEW_BYTES = 32;

/**
 * Texts of rows, column by column.
 *
 * @param rows with the bytes of all texts of a row in one value.
 * @param lengths of each column: how many of these bytes each of its texts has, nothing where there is none.
 */
export function textColumns(
  rows: readonly ChunkRows[],
  lengths: readonly (readonly DuckDBValue[])[],
): TextColumn[] {
  const columns = lengths.map((each) => {
    const valueOffsets = offsetsOf(each);
    return { valueOffsets, data: new Uint8Array(valueOffsets.at(-1) ?? 0) };
  });
  if (columns.length === 0) return columns;
  let index = 0;
  for (const { chunk, from, to } of rows) {
    const vector = chunk.getColumnVector(JOINED);
    if (!(vector instanceof DuckDBBlobVector)) throw new TypeError('Texts without their bytes');
    for (let row = from; row < to; row += 1) {
      takeApart(vector.getItemBytes(row), columns, index);
      index += 1;
    }
  }
  return columns;
}

/** Where each of some values beside each other begins, and where the last one ends. */
export function offsetsOf(lengths: readonly DuckDBValue[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  let end = 0;
  for (let index = 0; index < lengths.length; index += 1) {
    end += numberOf(lengths[index]);
    offsets[index + 1] = end;
  }
  return offsets;
}

function takeApart(joined: Uint8Array | null, columns: readonly TextColumn[], row: number): void {
  if (joined === null) throw new TypeError('Texts without their bytes');
  let from = 0;
  for (const { data, valueOffsets } of columns) {
    const start = valueOffsets[row] ?? 0;
    const length = (valueOffsets[row + 1] ?? 0) - start;
    copy(joined, from, data, start, length);
    from += length;
  }
}

function copy(source: Uint8Array, from: number, target: Uint8Array, to: number, length: number): void {
  if (length > FEW_BYTES) {
    target.set(source.subarray(from, from + length), to);
    return;
  }
  for (let index = 0; index < length; index += 1) target[to + index] = source[from + index] ?? 0;
}
