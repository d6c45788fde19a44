import { isTerminal } from '@millrace/domain';
import { useEffect } from 'preact/hooks';
import { follow } from '../api/follow';
import { getJson } from '../api/get-json';
import type { Loadable } from '../api/loadable';
import { useResource } from '../api/resource';
import { BatchResults } from '../results/batch-results';
import { settings } from '../shell/page-settings';
import { Show } from '../states/states';
import { batchTitle, finishedAnalyses } from './batch';
import type { BatchWithPosition } from './batch';
import { BatchFacts } from './batch-facts';
import { BatchProgress } from './batch-progress';

const hasEnded = (batch: Loadable<BatchWithPosition>): boolean =>
  batch.kind === 'ready' && isTerminal(batch.value.status);

export function BatchPage({ batchId }: { readonly batchId: string }) {
  const path = `/batch/status/${encodeURIComponent(batchId)}?view=record`;
  const batch = useResource(path, () => getJson<BatchWithPosition>(path));
  useEffect(
    () =>
      follow({
        eventsPath: `/batch/${encodeURIComponent(batchId)}/events`,
        refresh: () => void batch.refresh(),
        pollMs: settings().pollMs,
        isOver: () => hasEnded(batch.state.peek()),
      }),
    [batch],
  );
  const state = batch.state.value;
  const title = state.kind === 'ready' ? batchTitle(state.value) : `Batch ${batchId}`;
  useEffect(() => {
    document.title = `${title} – Millrace`;
  }, [title]);
  return (
    <>
      <p class="note">
        <a href="/batches">All batches</a>
      </p>
      <h1>{title}</h1>
      <Show of={state} what="this batch" retry={() => void batch.refresh()}>
        {(shown) => (
          <>
            <BatchFacts batch={shown} />
            <BatchProgress batch={shown} />
            {finishedAnalyses(shown).length > 0 && <BatchResults batch={shown} />}
          </>
        )}
      </Show>
    </>
  );
}
