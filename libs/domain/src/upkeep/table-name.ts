import { ANALYSIS_NAMES } from '../analysis/analysis-catalog';
import type { AnalysisName } from '../analysis/analysis-catalog';
import { STREAMED_ANALYSES } from '../analysis/streamed-analysis';
import { isBatchId } from '../batch/batch-id';
import { TableNotFound } from '../error/millrace-error';

/** Tables that grow, or are written again and again, without end: kept up to few large files, and no more history than readers need. */
export const KEPT_TABLES = ['transactions', 'stream_aggregations', 'rejects', ...STREAMED_ANALYSES] as const;
export type KeptTable = (typeof KEPT_TABLES)[number];

/** Tables with a name of their own. */
export const NAMED_TABLES = [...KEPT_TABLES, 'seed'] as const;
export type NamedTable = (typeof NAMED_TABLES)[number];

/** What is in each, for people. */
export const TABLE_DESCRIPTIONS = {
  transactions: 'The events of the stream, each once, partitioned by the date of the event',
  stream_aggregations: 'The windows of the stream, by category',
  rejects: 'The events of the stream that do not keep the contract, with the reason',
  revenue_by_category: 'Revenue by category as the stream keeps it, if it is asked to',
  payment_analysis: 'Ways of payment as the stream keeps them, if it is asked to',
  channel_performance: 'Sales channels as the stream keeps them, if it is asked to',
  seed: 'The history that the seeder writes when it is told to keep to itself',
} as const satisfies Record<NamedTable, string>;

/** A table as a client names it: by its own name, or as a result of a batch. */
export type TableReference =
  | { readonly kind: 'named'; readonly table: NamedTable }
  | { readonly kind: 'raw'; readonly batchId: string }
  /** Without a member it is the table of a batch of one analysis, with one that of a member of a full report. */
  | { readonly kind: 'aggregated'; readonly batchId: string; readonly member?: AnalysisName };

/** Spellings of the names of results, for messages and documents. */
export const RESULT_TABLE_NAMES = [
  '<batchId>.raw',
  '<batchId>.aggregated',
  '<batchId>.aggregated.<analysis>',
] as const;

/** The table that a name stands for; undefined where it stands for none. Nothing else becomes a path. */
export function parseTableName(name: string): TableReference | undefined {
  const table = NAMED_TABLES.find((known) => known === name);
  if (table !== undefined) return { kind: 'named', table };
  const [batchId = '', part, analysis, ...rest] = name.split('.');
  if (!isBatchId(batchId) || rest.length > 0) return undefined;
  if (part === 'raw' && analysis === undefined) return { kind: 'raw', batchId };
  if (part !== 'aggregated') return undefined;
  if (analysis === undefined) return { kind: 'aggregated', batchId };
  const member = ANALYSIS_NAMES.find((known) => known === analysis);
  return member === undefined ? undefined : { kind: 'aggregated', batchId, member };
}

/** @throws TableNotFound with the names there are, for any other text. */
export function requireTableName(name: string): TableReference {
  const reference = parseTableName(name);
  if (reference !== undefined) return reference;
  throw new TableNotFound(
    `No table has this name; there are ${[...NAMED_TABLES, ...RESULT_TABLE_NAMES].join(', ')}`,
  );
}

export function isKeptTable(table: string): table is KeptTable {
  return KEPT_TABLES.some((known) => known === table);
}
