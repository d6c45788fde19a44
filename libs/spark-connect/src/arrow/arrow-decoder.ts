import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import type { Row } from '../types/row';
import { readerOf } from './column-reader';
import { rowMaker } from './row-maker';

/** Decodes one `arrow_batch`, which is a self-contained Arrow IPC stream. */
export function decodeRows(data: Uint8Array): Row[] {
  return [...RecordBatchReader.from(data)].flatMap(rowsOf);
}

function rowsOf(batch: RecordBatch): Row[] {
  const names = batch.schema.fields.map((field) => field.name);
  const rowAt = rowMaker(names, batch.data.children.map(readerOf));
  const rows = new Array<Row>(batch.numRows);
  for (let at = 0; at < rows.length; at += 1) rows[at] = rowAt(at);
  return rows;
}
