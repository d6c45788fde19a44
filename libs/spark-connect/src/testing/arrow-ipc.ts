import {
  Field,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  makeData,
  type Data,
} from 'apache-arrow';
import { decodeRows } from '../arrow/arrow-decoder';
import type { RowValue } from '../types/row';

/** Names may be given twice. */
export type NamedColumns = readonly (readonly [name: string, column: Data])[];

/** One batch as bytes, put together with Arrow's own means. */
export function ipcOf(columns: NamedColumns, length = columns[0]?.[1].length ?? 0): Uint8Array {
  const fields = columns.map(([name, data]) => new Field(name, data.type, true));
  const children = columns.map(([, data]) => data);
  const struct = makeData({ type: new Struct(fields), length, children });
  return RecordBatchStreamWriter.writeAll([new RecordBatch(new Schema(fields), struct)]).toUint8Array(true);
}

/** The values of one column, written by Arrow and read by us. */
export function decoded(column: Data): RowValue[] {
  return decodeRows(ipcOf([['v', column]])).map((row) => row['v'] ?? null);
}

/** A column of UTF-8 texts; `nulls` are the members of Arrow's data that say which of them are NULL. */
export function textData(texts: readonly (string | Uint8Array)[], nulls: object = {}): Data<Utf8> {
  const pieces = texts.map((text) => Buffer.from(text as string));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [at, piece] of pieces.entries()) valueOffsets[at + 1] = (valueOffsets[at] ?? 0) + piece.length;
  return makeData({
    type: new Utf8(),
    data: Buffer.concat(pieces),
    valueOffsets,
    length: texts.length,
    ...nulls,
  });
}
