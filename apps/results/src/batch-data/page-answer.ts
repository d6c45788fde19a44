import { pageOf } from '@millrace/domain';
import type { BatchRecord, PageQuery } from '@millrace/domain';
import type { ResultRows } from './read-result';

/** Body of `GET /batch/data/:batchId`. */
export function rawBody(record: BatchRecord, query: PageQuery, rows: ResultRows): string {
  const { batchId, status } = record;
  const page = pageOf(query, rows.returned, rows.total);
  return withData({ batchId, status, rowCount: rows.total, page }, rows.json);
}

/** Body of `GET /batch/data/:batchId/aggregated`. */
export function aggregatedBody(record: BatchRecord, query: PageQuery, rows: ResultRows): string {
  const { batchId, analysisType } = record;
  return withData({ batchId, analysisType, page: pageOf(query, rows.returned, rows.total) }, rows.json);
}

export function pageHeaders(query: PageQuery, rows: ResultRows): Record<string, string> {
  return {
    'x-total-count': String(rows.total),
    'x-page-size': String(query.limit),
    'x-page-offset': String(query.offset),
  };
}

/** The rows are JSON text already; parsing them to write them again would block every other request meanwhile. */
function withData(head: Readonly<Record<string, unknown>>, rowsJson: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"data":${rowsJson}}`;
}
