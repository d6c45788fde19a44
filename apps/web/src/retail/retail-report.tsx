import { finishedAnalyses } from '../batches/batch';
import type { Batch } from '../batches/batch';
import { Figure } from '../charts/figure';
import { Tiles } from '../charts/tiles';
import { MOST_ROWS, Truncated } from '../results/truncated';
import { useResult } from '../results/use-result';
import { Show } from '../states/states';
import { bestProducts, revenueByDay, salesTiles } from './sales';

export function RetailReport({ batch }: { readonly batch: Batch }) {
  const names = finishedAnalyses(batch);
  return (
    <>
      {names.includes('kpis') && <KeyFigures batchId={batch.batchId} />}
      {names.includes('daily_product') && <DailySales batchId={batch.batchId} />}
    </>
  );
}

function KeyFigures({ batchId }: { readonly batchId: string }) {
  const { state, refresh } = useResult({ batchId, analysis: 'kpis' }, 1);
  return (
    <Show of={state.value} what="the key figures" retry={() => void refresh()}>
      {(table) => <Tiles label="Key figures" tiles={salesTiles(table)} />}
    </Show>
  );
}

function DailySales({ batchId }: { readonly batchId: string }) {
  const { state, refresh } = useResult({ batchId, analysis: 'daily_product' }, MOST_ROWS);
  return (
    <Show of={state.value} what="the daily sales" retry={() => void refresh()}>
      {(table) => (
        <>
          <Truncated table={table} />
          <Figure title="Revenue by day" chart={revenueByDay(table)} />
          <Figure
            title="Best-selling products"
            note="By revenue, over all days."
            chart={bestProducts(table)}
          />
        </>
      )}
    </Show>
  );
}
