import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequest, pageQuerySchema } from '@millrace/domain';
import type { PageLimits, PageQuery } from '@millrace/domain';
import Negotiator from 'negotiator';
import { z } from 'zod';
import { asOfParameters } from './as-of';
import type { AsOf } from './as-of';

/** By their names in `?format=`. */
export const FORMATS = ['json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

/** Which rows, which of their columns, and how they are written. */
export interface DataQuery extends PageQuery {
  readonly format: Format;
  /** Absent: all. */
  readonly columns?: readonly string[] | undefined;
}

/** Lines have no end that has to fit in memory: without a limit they are all rows. */
const NO_LIMITS: PageLimits = {
  defaultPageSize: Number.MAX_SAFE_INTEGER,
  maxPageSize: Number.MAX_SAFE_INTEGER,
};

const parameters = {
  ...asOfParameters,
  format: z.enum(FORMATS, { error: `must be one of ${FORMATS.join(', ')}` }).optional(),
  columns: z
    .string()
    .transform((names) => names.split(','))
    .optional(),
};

/** The parameters of requests for rows, by the format that they ask for. */
export function dataQuerySchemas(limits: PageLimits) {
  const raw = {
    json: pageQuerySchema(limits).extend(parameters),
    ndjson: pageQuerySchema(NO_LIMITS).extend(parameters),
  };
  // Whether the batch has the analysis is told once the batch is known.
  const analysis = z.string().optional();
  const aggregated = { json: raw.json.extend({ analysis }), ndjson: raw.ndjson.extend({ analysis }) };
  return { raw, aggregated };
}

/** What `?format=` says, or else what the header prefers; JSON for whoever prefers nothing that is known. */
export function formatOf(asked: unknown, headers: IncomingHttpHeaders): Format {
  const named = FORMATS.find((format) => format === (asked as { format?: unknown }).format);
  if (named !== undefined) return named;
  const [preferred] = new Negotiator({ headers }).mediaTypes(Object.values(MEDIA_TYPES));
  return FORMATS.find((format) => MEDIA_TYPES[format] === preferred) ?? 'json';
}

/** @throws InvalidRequest where what is asked for is of one table, and the request means several. */
export function requireOneTable({ format, columns, versionAsOf, timestampAsOf }: DataQuery & AsOf): void {
  const asked = { format: format === 'json' ? undefined : format, columns, versionAsOf, timestampAsOf };
  const details = Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .map(([path]) => ({ path, message: 'needs analysis: a report has several tables' }));
  if (details.length > 0) throw new InvalidRequest(details);
}
