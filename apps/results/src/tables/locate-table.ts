import { isDeltaError } from '@millrace/delta';
import {
  FULL_REPORT,
  ResultsMissing,
  TABLE_DESCRIPTIONS,
  TableNotFound,
  analysesOf,
  requireTableName,
} from '@millrace/domain';
import type { AnalysisName, BatchRecord, BatchRegistry, TablePaths } from '@millrace/domain';
import { requireCompletedBatch } from '../batch-data/completed-batch';
import { analysisTables, rawTable } from '../batch-data/result-table';

/** A table that a client has named. */
export interface LocatedTable {
  readonly name: string;
  readonly description: string;
  readonly path: string;
  /** What is told when it is not on the disk. */
  missing(cause: unknown): Error;
}

/**
 * Where the table of a name lies.
 *
 * @throws TableNotFound for a name that stands for no table; of a batch: BatchNotFound, BatchNotReady, BatchExpired
 */
export async function locateTable(
  batches: Pick<BatchRegistry, 'find'>,
  paths: TablePaths,
  name: string,
): Promise<LocatedTable> {
  const reference = requireTableName(name);
  if (reference.kind === 'named') {
    const { table } = reference;
    const path = { ...paths, stream_aggregations: paths.aggregations }[table];
    const missing = (cause: unknown) =>
      new TableNotFound(`The table ${table} was not made yet: what writes it has not run`, { cause });
    return { name, description: TABLE_DESCRIPTIONS[table], path, missing };
  }
  const record = await requireCompletedBatch(batches, reference.batchId);
  return reference.kind === 'raw'
    ? resultOf(record, name, rawTable(record), `The rows that ${record.batchId} read`)
    : aggregatedOf(record, name, reference.member);
}

function aggregatedOf(record: BatchRecord, name: string, member: AnalysisName | undefined): LocatedTable {
  const isReport = record.analysisType === FULL_REPORT;
  const table = analysisTables(record).find(({ analysisType }) =>
    isReport ? analysisType === member : member === undefined,
  );
  if (table === undefined) {
    const names = isReport
      ? analysesOf(record.analysisType).map((analysis) => `${record.batchId}.aggregated.${analysis}`)
      : [`${record.batchId}.aggregated`];
    throw new TableNotFound(`That batch has other tables: ${names.join(', ')}`);
  }
  return resultOf(record, name, table, `The result of ${table.analysisType} of ${record.batchId}`);
}

function resultOf(
  { batchId }: BatchRecord,
  name: string,
  { path, step }: { readonly path: string; readonly step: string },
  description: string,
): LocatedTable {
  return { name, description, path, missing: (cause) => new ResultsMissing(batchId, step, { cause }) };
}

/**
 * What was read of a table.
 *
 * @throws what says that the table is missing, where it is.
 */
export async function readTable<T>(table: LocatedTable, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(table.path);
  } catch (cause) {
    if (isDeltaError(cause) && (cause.reason === 'TABLE_NOT_FOUND' || cause.reason === 'FILE_MISSING')) {
      throw table.missing(cause);
    }
    throw cause;
  }
}
