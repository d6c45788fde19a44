import { isTerminal } from '@millrace/domain';
import { count, words } from '../figures/format';
import { Notice } from '../states/states';
import type { BatchWithPosition } from './batch';

/** What happens to a batch until it has ended, and why it ended where it has no results. */
export function BatchProgress({ batch }: { readonly batch: BatchWithPosition }) {
  if (isTerminal(batch.status)) return <Ending batch={batch} />;
  return (
    <section class="card" aria-label="Progress">
      <h2>{batch.status === 'PENDING' ? 'It waits for its turn' : 'It is running'}</h2>
      {batch.queuePosition !== null && <p>Place {count(batch.queuePosition)} in the queue.</p>}
      {batch.progress !== null && (
        <>
          <progress max={100} value={batch.progress.percent} aria-label="Progress of this step" />
          <p aria-live="polite">
            {words(batch.progress.stage.replace('/', ': '))}: {batch.progress.percent.toFixed(0)} %,{' '}
            {count(batch.progress.rows)} rows read.
          </p>
        </>
      )}
      {batch.cancelRequested !== null && <Notice>Somebody has cancelled it: Spark is stopping.</Notice>}
    </section>
  );
}

function Ending({ batch }: { readonly batch: BatchWithPosition }) {
  const { status, errorMessage } = batch;
  if (status === 'COMPLETED') return null;
  return (
    <div class="state failed" role="alert">
      <p>
        <strong>
          <span aria-hidden="true">✕ </span>
          {SENTENCES[status] ?? 'It has no complete results.'}
        </strong>
      </p>
      {errorMessage !== null && <p>{errorMessage}</p>}
    </div>
  );
}

const SENTENCES: Readonly<Partial<Record<BatchWithPosition['status'], string>>> = {
  FAILED: 'The batch failed.',
  CANCELLED: 'The batch was cancelled.',
  UNKNOWN: 'The batch was found again after the registry was lost, and is not complete.',
};
