import { InvalidRequest, pageQuerySchema } from '@millrace/domain';
import type { PageLimits, PageQuery } from '@millrace/domain';
import { z } from 'zod';
import { asOfParameters } from './as-of';

/** By their names in `?format=`. */
export const FORMATS = ['json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
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
  // Whether the batch has the analysis is told once the batch is known.
  analysis: z.string().optional(),
};

/** The parameters of a request for rows, by the format that it asks for. */
export function dataQuerySchemas(limits: PageLimits) {
  return {
    json: pageQuerySchema(limits).extend(parameters),
    ndjson: pageQuerySchema(NO_LIMITS).extend(parameters),
  };
}

/** What `?format=` says, or else the header; JSON for whoever says nothing that is known. */
export function formatOf(asked: unknown, accept: string | undefined): Format {
  const named = FORMATS.find((format) => format === (asked as { format?: unknown }).format);
  if (named !== undefined) return named;
  return accept?.toLowerCase().includes('application/x-ndjson') === true ? 'ndjson' : 'json';
}

/** @throws InvalidRequest where what is asked for is of one table, and the request means several. */
export function requireOneTable({ format, columns }: DataQuery): void {
  const message = 'needs analysis: a report has several tables';
  if (format !== 'json') throw new InvalidRequest([{ path: 'format', message }]);
  if (columns !== undefined) throw new InvalidRequest([{ path: 'columns', message }]);
}
