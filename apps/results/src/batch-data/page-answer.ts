import { FULL_REPORT, pageOf } from '@millrace/domain';
import type { AnalysisName, BatchRecord, PageQuery } from '@millrace/domain';
import type { ResultRows } from './read-result';

/** Rows of one analysis. */
export interface AnalysisRows extends ResultRows {
  readonly analysisType: AnalysisName;
}

/** Body of `GET /batch/data/:batchId`. */
export function rawBody(record: BatchRecord, query: PageQuery, rows: ResultRows): string {
  const { batchId, status } = record;
  return withData({ batchId, status, rowCount: rows.total, page: page(query, rows) }, rows.json);
}

/** Body of `GET /batch/data/:batchId/aggregated` of one analysis. */
export function analysisBody({ batchId }: BatchRecord, query: PageQuery, rows: AnalysisRows): string {
  return withData({ batchId, analysisType: rows.analysisType, page: page(query, rows) }, rows.json);
}

/** Body of `GET /batch/data/:batchId/aggregated` of a full report: a page of each analysis. */
export function reportBody(
  { batchId }: BatchRecord,
  query: PageQuery,
  members: readonly AnalysisRows[],
): string {
  const analyses = members.map(
    (rows) => `${JSON.stringify(rows.analysisType)}:${withData({ page: page(query, rows) }, rows.json)}`,
  );
  return withMember({ batchId, analysisType: FULL_REPORT }, 'analyses', `{${analyses.join(',')}}`);
}

/** @param total rows of everything in the body. */
export function pageHeaders(query: PageQuery, total: number): Record<string, string> {
  return {
    'x-total-count': String(total),
    'x-page-size': String(query.limit),
    'x-page-offset': String(query.offset),
  };
}

function page(query: PageQuery, rows: ResultRows) {
  return pageOf(query, rows.returned, rows.total);
}

function withData(head: Readonly<Record<string, unknown>>, rowsJson: string): string {
  return withMember(head, 'data', rowsJson);
}

/** The rows are JSON text already; parsing them to write them again would block every other request meanwhile. */
function withMember(head: Readonly<Record<string, unknown>>, name: string, json: string): string {
  return `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:${json}}`;
}
