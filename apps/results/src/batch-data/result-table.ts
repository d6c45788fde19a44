import { ANALYSES, RAW_ROW_ORDER } from '@millrace/domain';
import type { BatchRecord, SortKey } from '@millrace/domain';

/** A stored result of a batch: the table, the version that the batch committed, and the order of its rows. */
export interface ResultTable {
  readonly path: string;
  readonly version: bigint;
  readonly order: readonly SortKey[];
}

export function rawTable(record: BatchRecord): ResultTable {
  return { ...stored(record, record.deltaRawPath, record.rawVersion), order: RAW_ROW_ORDER };
}

export function aggregatedTable(record: BatchRecord): ResultTable {
  const { order } = ANALYSES[record.analysisType];
  return { ...stored(record, record.deltaAggPath, record.aggVersion), order };
}

function stored(record: BatchRecord, path: string | null, version: bigint | null) {
  if (path === null || version === null) {
    throw new Error(`Batch ${record.batchId} is COMPLETED without the path and version of its results`);
  }
  return { path, version };
}
