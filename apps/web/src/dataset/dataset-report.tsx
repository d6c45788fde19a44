import type { DatasetBody } from '@millrace/domain';
import { getJson } from '../api/get-json';
import { useResource } from '../api/resource';
import { finishedAnalyses } from '../batches/batch';
import type { Batch } from '../batches/batch';
import { DataTable } from '../charts/data-table';
import { Figure } from '../charts/figure';
import { Tiles } from '../charts/tiles';
import { words } from '../figures/format';
import { MOST_ROWS, Truncated } from '../results/truncated';
import { useResult } from '../results/use-result';
import { Show } from '../states/states';
import { dailyColumns, figureTiles, measureCell, measureName, topSegments, trend } from './dataset-figures';

interface ReportPart {
  readonly batchId: string;
  /** ISO 4217; null where nothing is money, or nobody knows. */
  readonly currency: string | null;
}

/** The page of a data set, whatever it is of: its columns come from the result, its names from the definition. */
export function DatasetReport({ batch }: { readonly batch: Batch }) {
  const names = finishedAnalyses(batch);
  const { title, currency } = useDefinition(batch.dataset ?? '');
  const part: ReportPart = { batchId: batch.batchId, currency };
  return (
    <>
      <h2 class="title">{title}</h2>
      {names.includes('kpis') && <KeyFigures {...part} />}
      {names.includes('daily_metrics') && <DailyMetrics {...part} />}
    </>
  );
}

/** A definition may be gone since: then its data set is called by its name, and amounts have no currency. */
function useDefinition(name: string): { readonly title: string; readonly currency: string | null } {
  const { state } = useResource(name, () => getJson<DatasetBody>(`/datasets/${encodeURIComponent(name)}`));
  const found = state.value.kind === 'ready' ? state.value.value : undefined;
  return { title: found?.title ?? words(name), currency: found?.analysis?.currency ?? null };
}

function KeyFigures({ batchId, currency }: ReportPart) {
  const { state, refresh } = useResult({ batchId, analysis: 'kpis' }, 1);
  return (
    <Show of={state.value} what="the key figures" retry={() => void refresh()}>
      {(table) => <Tiles label="Key figures" tiles={figureTiles(table, currency)} />}
    </Show>
  );
}

function DailyMetrics({ batchId, currency }: ReportPart) {
  const { state, refresh } = useResult({ batchId, analysis: 'daily_metrics' }, MOST_ROWS);
  return (
    <Show of={state.value} what="the daily metrics" retry={() => void refresh()}>
      {(table) => {
        const { dimensions, measure } = dailyColumns(table.columns);
        return (
          <>
            <Truncated table={table} />
            <Figure title={`${measureName(measure)} by day`} chart={trend(table, currency)} />
            {dimensions.length > 0 && (
              <Figure
                title="Top segments"
                note={`By ${measureName(measure).toLowerCase()}, over all days.`}
                chart={topSegments(table, currency)}
              />
            )}
            <section class="card" aria-label="Metrics by day">
              <h2>Metrics by day</h2>
              <DataTable
                caption="Metrics by day"
                {...table}
                format={(value, column) => measureCell(value, column, currency)}
              />
            </section>
          </>
        );
      }}
    </Show>
  );
}
