import { pipelineOf } from '../batches/batch';
import type { Batch } from '../batches/batch';
import { DatasetReport } from '../dataset/dataset-report';
import { RetailReport } from '../retail/retail-report';
import { TransactionsReport } from '../transactions/transactions-report';
import { Downloads } from './downloads';
import { SampleRows } from './sample-rows';

/** What a batch has found: each pipeline shows its own. */
export function BatchResults({ batch }: { readonly batch: Batch }) {
  return (
    <>
      <Report batch={batch} />
      <SampleRows batchId={batch.batchId} />
      <Downloads batch={batch} />
    </>
  );
}

function Report({ batch }: { readonly batch: Batch }) {
  switch (pipelineOf(batch)) {
    case 'transactions':
      return <TransactionsReport batch={batch} />;
    case 'retail':
      return <RetailReport batch={batch} />;
    case 'schema-driven':
      return <DatasetReport batch={batch} />;
  }
}
