import { FULL_REPORT, pageOf } from '@millrace/domain';
import type { AnalysisName, BatchRecord, ComparisonBody, PageQuery } from '@millrace/domain';
import { MEDIA_TYPES } from './data-query';
import type { Format } from './data-query';
import type { ResultRows } from './read-result';
import { cursorAt } from './row-cursor';

/** A page of rows that are told apart by `rows`; of several tables there is no one place to go on from. */
export interface PlacedQuery extends PageQuery {
  readonly rows?: string | undefined;
}

/** Rows of one analysis. */
export interface AnalysisRows extends ResultRows {
  readonly analysisType: AnalysisName;
}

/** Body of `GET /batch/data/:batchId`. */
export function rawBody(record: BatchRecord, query: PlacedQuery, rows: ResultRows): Buffer {
  const { batchId, status } = record;
  return withData({ batchId, status, rowCount: rows.rowCount, page: page(query, rows) }, rows.json);
}

/** Body of `GET /batch/data/:batchId/aggregated` of one analysis. */
export function analysisBody({ batchId }: BatchRecord, query: PlacedQuery, rows: AnalysisRows): Buffer {
  return withData({ batchId, analysisType: rows.analysisType, page: page(query, rows) }, rows.json);
}

/** Body of `GET /batch/data/:batchId/aggregated` of a full report: a page of each analysis. */
export function reportBody(
  { batchId }: BatchRecord,
  query: PageQuery,
  members: readonly AnalysisRows[],
): Buffer {
  const analyses = members.flatMap((rows, index) => [
    Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(rows.analysisType)}:`),
    withData({ page: page(query, rows) }, rows.json),
  ]);
  return withMember({ batchId, analysisType: FULL_REPORT }, 'analyses', ...analyses, Buffer.from('}'));
}

/** Body of `GET /batch/data/:batchId/aggregated/comparison`. @param rows JSON objects. */
export function comparisonBody(head: Omit<ComparisonBody, 'data'>, rows: readonly string[]): Buffer {
  return withData({ ...head }, Buffer.from(`[${rows.join(',')}]`));
}

/** @param total rows that are paged, of everything in the body. */
export function pageHeaders(query: PageQuery, total: number): Record<string, string> {
  return {
    'x-total-count': String(total),
    'x-page-size': String(query.limit),
    'x-page-offset': String(query.offset),
  };
}

function page(query: PlacedQuery, { returned, total }: ResultRows) {
  return { ...pageOf(query, returned, total), nextCursor: nextCursor(query, returned, total) };
}

/** Undefined where nothing follows. */
export function nextCursor({ offset, rows }: PlacedQuery, returned: number, total: number) {
  const next = offset + returned;
  return rows === undefined || returned === 0 || next >= total ? undefined : cursorAt(next, rows);
}

function withData(head: Readonly<Record<string, unknown>>, rowsJson: Buffer): Buffer {
  return withMember(head, 'data', rowsJson);
}

/** The rows are JSON text already; parsing them to write them again would block every other request meanwhile. */
function withMember(
  head: Readonly<Record<string, unknown>>,
  name: string,
  ...json: readonly Buffer[]
): Buffer {
  const before = `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:`;
  return Buffer.concat([Buffer.from(before), ...json, Buffer.from('}')]);
}

const LONGEST_LINK = 4_000;

/** @param url of this page. @param cursor of the next one. */
export function nextLink(url: string, cursor: string | undefined): Record<string, string> {
  if (cursor === undefined) return {};
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
  parameters.delete('offset');
  parameters.set('cursor', cursor);
  // Proxies and clients refuse headers that are much longer; the body has the cursor too.
  if (parameters.toString().length > LONGEST_LINK) return {};
  // Relative, so that it holds through the gateway too.
  return { link: `<?${parameters.toString()}>; rel="next"` };
}

/** Of what is saved rather than looked at. */
const FILE_EXTENSIONS: Readonly<Partial<Record<Format, string>>> = {
  csv: 'csv',
  arrow: 'arrows',
  parquet: 'parquet',
};

const BINARY: readonly Format[] = ['arrow', 'parquet'];

/** @param name of the file to save it as. */
export function contentHeaders(format: Format, name: string): Record<string, string> {
  const extension = FILE_EXTENSIONS[format];
  return {
    'content-type': `${MEDIA_TYPES[format]}${BINARY.includes(format) ? '' : '; charset=utf-8'}`,
    ...(extension !== undefined && { 'content-disposition': `attachment; filename="${name}.${extension}"` }),
  };
}
