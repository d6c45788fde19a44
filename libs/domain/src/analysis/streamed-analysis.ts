import { z } from 'zod';
import type { Column } from '../column';
import { ANALYSES } from './analysis-catalog';
import type { AnalysisName } from './analysis-catalog';
import type { AnalysisEntry } from './analysis-entry';

/** Analyses that a stream can keep up to date as well; each is the aggregate of few groups, whatever the number of events. */
export const STREAMED_ANALYSES = [
  'revenue_by_category',
  'payment_analysis',
  'channel_performance',
] as const satisfies readonly AnalysisName[];
export type StreamedAnalysis = (typeof STREAMED_ANALYSES)[number];

/** Which of them a stream keeps, each once. */
export const streamedAnalysesSchema = z
  .array(z.enum(STREAMED_ANALYSES, { error: `must be one of: ${STREAMED_ANALYSES.join(', ')}` }))
  .refine((names) => new Set(names).size === names.length, { error: 'must name each analysis once' });

/** A column that tells which part of the sum over all rows a row has, in percent: no stream can know it of one row. */
export interface Share {
  readonly column: string;
  /** Whose sum it is a part of. */
  readonly of: string;
  readonly decimals: number;
}

/** What a stream must know of an analysis besides its entry in the catalog. */
export interface StreamedEntry {
  /** One row for each value of these. */
  readonly groupBy: readonly string[];
  /** Not stored by the stream but computed when its table is read. */
  readonly shares: readonly Share[];
}

export const STREAMED: Readonly<Record<StreamedAnalysis, StreamedEntry>> = {
  revenue_by_category: { groupBy: ['category'], shares: [] },
  payment_analysis: {
    groupBy: ['payment_method', 'card_network'],
    shares: [{ column: 'revenue_share_pct', of: 'total_revenue', decimals: 2 }],
  },
  channel_performance: { groupBy: ['channel'], shares: [] },
};

/** The entry of the catalog without what is computed when the table of the stream is read. */
export function streamedEntry(name: StreamedAnalysis): AnalysisEntry {
  const shares = STREAMED[name].shares.map(({ column }) => column);
  const entry: AnalysisEntry = ANALYSES[name];
  return { ...entry, columns: entry.columns.filter((column) => !shares.includes(column.name)) };
}

/** Columns of the table that the stream keeps. */
export function streamedTableColumns(name: StreamedAnalysis): readonly Column[] {
  // The sink's: when the row was last changed.
  return [...streamedEntry(name).columns, { name: 'as_of', type: 'timestamp', nullable: true }];
}
