import type { RowFilter } from '@millrace/delta';
import { ANALYSES, FULL_REPORT, InvalidRequest, RAW_ROW_ORDER, analysesOf } from '@millrace/domain';
import type { AnalysisName, BatchRecord, BatchStep, SortKey } from '@millrace/domain';

/** A stored result of a batch: the table, the version that the batch committed, and the order of its rows. */
export interface ResultTable {
  /** That wrote it. */
  readonly step: BatchStep;
  readonly path: string;
  readonly version: bigint;
  readonly order: readonly SortKey[];
  /** Which of its rows are meant; absent: all. */
  readonly conditions?: readonly RowFilter[];
}

export interface AnalysisTable extends ResultTable {
  readonly analysisType: AnalysisName;
}

export function rawTable(record: BatchRecord): ResultTable {
  return { ...stored(record, record.deltaRawPath, record.rawVersion), step: 'raw', order: RAW_ROW_ORDER };
}

/** The tables of all analyses of a batch, in the order of the catalog. */
export function analysisTables(record: BatchRecord): AnalysisTable[] {
  return analysesOf(record.analysisType).map((name) => analysisTable(record, name));
}

/**
 * The table of the analysis that a query names.
 *
 * @throws InvalidRequest for one that the batch does not have.
 */
export function requireAnalysisTable(record: BatchRecord, asked: string): AnalysisTable {
  const names = analysesOf(record.analysisType);
  const name = names.find((known) => known === asked);
  if (name === undefined) {
    throw new InvalidRequest([
      { path: 'analysis', message: `must be one that this batch has: ${names.join(', ')}` },
    ]);
  }
  return analysisTable(record, name);
}

function analysisTable(record: BatchRecord, analysisType: AnalysisName): AnalysisTable {
  const { order } = ANALYSES[analysisType];
  if (record.analysisType !== FULL_REPORT) {
    const table = stored(record, record.deltaAggPath, record.aggVersion);
    return { ...table, step: 'aggregated', order, analysisType };
  }
  const path = record.deltaAggPath === null ? null : `${record.deltaAggPath}/${analysisType}`;
  const step = `aggregated/${analysisType}` as const;
  const version = record.executions[step]?.outcome?.version;
  const member = stored(record, path, version === undefined ? null : BigInt(version));
  return { ...member, step, order, analysisType };
}

function stored(record: BatchRecord, path: string | null, version: bigint | null) {
  if (path === null || version === null) {
    throw new Error(`Batch ${record.batchId} is COMPLETED without the path and version of its results`);
  }
  return { path, version };
}
