import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequest, pageQuerySchema } from '@millrace/domain';
import type { PageLimits, PageQuery } from '@millrace/domain';
import { parseQuery } from '@millrace/platform';
import Negotiator from 'negotiator';
import { z } from 'zod';
import { asOfParameters } from './as-of';
import type { AsOf } from './as-of';
import { selectionParameters } from './row-selection';
import type { Selection } from './row-selection';

/** By their names in `?format=`. */
export const FORMATS = ['json', 'ndjson', 'csv', 'arrow', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];
/** Of which an answer can be of all rows, however many. */
export type StreamFormat = Exclude<Format, 'json' | 'parquet'>;

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  arrow: 'application/vnd.apache.arrow.stream',
  parquet: 'application/vnd.apache.parquet',
};

/** Which rows, which of their columns, and how they are written. */
export interface DataQuery extends PageQuery, Selection, AsOf {
  readonly format: Format;
  /** In place of an offset. */
  readonly cursor?: string | undefined;
  /** Of a batch that has several. */
  readonly analysis?: string | undefined;
}

/** Streams and files have no end that has to fit in memory: without a limit they are all rows. */
const NO_LIMITS: PageLimits = {
  defaultPageSize: Number.MAX_SAFE_INTEGER,
  maxPageSize: Number.MAX_SAFE_INTEGER,
};

const parameters = {
  ...asOfParameters,
  ...selectionParameters,
  format: z.enum(FORMATS, { error: `must be one of ${FORMATS.join(', ')}` }).optional(),
  cursor: z.string().optional(),
};
// Whether the batch has the analysis is told once the batch is known.
const analysis = z.string().optional();

/** Reads the parameters of requests for rows, of the rows themselves and of analyses. */
export function dataQueryReaders(limits: PageLimits) {
  const pages = pageQuerySchema(limits).extend(parameters);
  const lines = pageQuerySchema(NO_LIMITS).extend(parameters);
  const reader =
    (ofPages: z.ZodType<Omit<DataQuery, 'format'>>, ofLines: typeof ofPages) =>
    (asked: unknown, headers: IncomingHttpHeaders): DataQuery => {
      const format = formatOf(asked, headers);
      const query = { ...parseQuery(format === 'json' ? ofPages : ofLines, asked), format };
      if (query.cursor !== undefined && (asked as { offset?: unknown }).offset !== undefined) {
        throw new InvalidRequest([{ path: 'cursor', message: 'cannot be given together with offset' }]);
      }
      return query;
    };
  return {
    raw: reader(pages, lines),
    // Of the rows that were counted, and no others.
    rowsOfAnalysis: reader(
      pages.omit({ versionAsOf: true, timestampAsOf: true }).extend({ analysis }),
      lines.omit({ versionAsOf: true, timestampAsOf: true }).extend({ analysis }),
    ),
    aggregated: reader(pages.extend({ analysis }), lines.extend({ analysis })),
  };
}

/** What `?format=` says, or else what the header prefers; JSON for whoever prefers nothing that is known. */
function formatOf(asked: unknown, headers: IncomingHttpHeaders): Format {
  const named = FORMATS.find((format) => format === (asked as { format?: unknown }).format);
  if (named !== undefined) return named;
  const [preferred] = new Negotiator({ headers }).mediaTypes(Object.values(MEDIA_TYPES));
  return FORMATS.find((format) => MEDIA_TYPES[format] === preferred) ?? 'json';
}

/** @throws InvalidRequest where what is asked for is of one table, and the request means several. */
export function requireOneTable(query: DataQuery): void {
  const { format, cursor, columns, filter, sort, versionAsOf, timestampAsOf } = query;
  const ofOne = { cursor, columns, filter, sort, versionAsOf, timestampAsOf };
  const details = Object.entries({ format: format === 'json' ? undefined : format, ...ofOne })
    .filter(([, value]) => value !== undefined)
    .map(([path]) => ({ path, message: 'needs analysis: a report has several tables' }));
  if (details.length > 0) throw new InvalidRequest(details);
}
