import { ANALYSES, FULL_REPORT, RETAIL_ANALYSES, isTerminal } from '@millrace/domain';
import type { AnalysisEntry, BatchBody, BatchStatus } from '@millrace/domain';
import { words } from '../figures/format';

export type Pipeline = 'transactions' | 'retail' | 'schema-driven';

/** The record of a batch as the list has it; `pipeline` is absent where there is one only. */
export type Batch = Omit<BatchBody, 'members'> & {
  readonly pipeline?: Pipeline;
  readonly dataset?: string | null;
  readonly members: readonly { readonly analysisType: string; readonly status: BatchStatus }[] | null;
};

export type BatchWithPosition = Batch & { readonly queuePosition: number | null };

export const pipelineOf = ({ pipeline }: Pick<Batch, 'pipeline'>): Pipeline => pipeline ?? 'transactions';

/** The analyses of a batch whose results can be read: not before the batch has ended. */
export function finishedAnalyses({ analysisType, members, status }: Batch): readonly string[] {
  if (!isTerminal(status)) return [];
  if (members === null) return status === 'COMPLETED' ? [analysisType] : [];
  return members.filter((member) => member.status === 'COMPLETED').map((member) => member.analysisType);
}

/** Those of data sets have these names, whatever the data are. */
const TITLES_OF_DATA_SETS: Readonly<Record<string, string>> = {
  daily_metrics: 'Metrics by day',
  kpis: 'Key figures',
};

const TITLES: Readonly<Record<Pipeline, Readonly<Record<string, string>>>> = {
  transactions: titlesOf(Object.values(ANALYSES)),
  retail: titlesOf(Object.values(RETAIL_ANALYSES)),
  'schema-driven': TITLES_OF_DATA_SETS,
};

function titlesOf(entries: readonly AnalysisEntry[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ name, title }) => [name, title]));
}

export function analysisTitle(name: string, pipeline: Pipeline): string {
  return name === FULL_REPORT ? 'Full report' : (TITLES[pipeline][name] ?? words(name));
}

/** What a batch is called where people look for it. */
export function batchTitle(batch: Pick<Batch, 'analysisType' | 'pipeline' | 'dataset'>): string {
  const pipeline = pipelineOf(batch);
  const analysis = analysisTitle(batch.analysisType, pipeline);
  switch (pipeline) {
    case 'transactions':
      return analysis;
    case 'retail':
      return `Retail: ${analysis.toLowerCase()}`;
    case 'schema-driven':
      return `${words(batch.dataset ?? 'data set')}: ${analysis.toLowerCase()}`;
  }
}

/** How long it has run, or ran; null before it has begun. */
export function runMs({ startTime, endTime }: Batch, now: number): number | null {
  if (startTime === null) return null;
  return (endTime === null ? now : Date.parse(endTime)) - Date.parse(startTime);
}
