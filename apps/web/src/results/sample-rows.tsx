import { DataTable } from '../charts/data-table';
import { Empty, Show } from '../states/states';
import { useResult } from './use-result';

const ROWS = 10;

export function SampleRows({ batchId }: { readonly batchId: string }) {
  const { state, refresh } = useResult({ batchId }, ROWS);
  return (
    <section class="card" aria-label="Rows of the batch">
      <h2>Rows</h2>
      <Show of={state.value} what="the rows" retry={() => void refresh()}>
        {(table) =>
          table.rows.length === 0 ? (
            <Empty>
              <p>The batch has read no rows.</p>
            </Empty>
          ) : (
            <DataTable caption="The first rows of the batch" {...table} />
          )
        }
      </Show>
    </section>
  );
}
