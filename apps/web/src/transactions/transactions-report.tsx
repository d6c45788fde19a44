import { ANALYSES, ANALYSIS_NAMES } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { useState } from 'preact/hooks';
import { analysisTitle, finishedAnalyses } from '../batches/batch';
import type { Batch } from '../batches/batch';
import { DataTable } from '../charts/data-table';
import { Figure } from '../charts/figure';
import { useResult } from '../results/use-result';
import { Show } from '../states/states';
import { analysisChart } from './analysis-chart';
import { CHART_PLANS } from './chart-plans';

/** A year of hours. */
const MOST_ROWS = 8_784;
const ROWS_OF_A_RANKING = 100;

/** The analyses of a batch over transactions, one at a time. */
export function TransactionsReport({ batch }: { readonly batch: Batch }) {
  const finished = finishedAnalyses(batch);
  const names = ANALYSIS_NAMES.filter((name) => finished.includes(name));
  const [chosen, choose] = useState(names[0]);
  return (
    <>
      {names.length > 1 && (
        <label class="filters">
          Analysis
          <select
            value={chosen}
            onChange={({ currentTarget }) => {
              choose(names.find((name) => name === currentTarget.value));
            }}
          >
            {names.map((name) => (
              <option key={name} value={name}>
                {analysisTitle(name, 'transactions')}
              </option>
            ))}
          </select>
        </label>
      )}
      {chosen !== undefined && <Analysis batchId={batch.batchId} name={chosen} />}
    </>
  );
}

function Analysis({ batchId, name }: { readonly batchId: string; readonly name: AnalysisName }) {
  const limit = CHART_PLANS[name].kind === 'line' ? MOST_ROWS : ROWS_OF_A_RANKING;
  const { state, refresh } = useResult({ batchId, analysis: name }, limit);
  const { title, description } = ANALYSES[name];
  return (
    <Show of={state.value} what={title.toLowerCase()} retry={() => void refresh()}>
      {(table) => (
        <>
          <Figure key={name} title={title} note={`${description}.`} chart={analysisChart(name, table)} />
          <section class="card" aria-label={`${title}: all columns`}>
            <h2>All columns</h2>
            <DataTable caption={`${title}: all columns`} {...table} />
          </section>
        </>
      )}
    </Show>
  );
}
