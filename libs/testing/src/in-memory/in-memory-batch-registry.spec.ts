import { aBatch } from '../builders/batch';
import { describeBatchChanges } from '../conformance/batch-changes';
import { describeBatchRegistry } from '../conformance/batch-registry';
import { describeWebhookOutbox } from '../conformance/webhook-outbox';
import { InMemoryBatchRegistry } from './in-memory-batch-registry';

describeBatchRegistry('InMemoryBatchRegistry', () =>
  Promise.resolve({ port: new InMemoryBatchRegistry(), close: () => Promise.resolve() }),
);

describeWebhookOutbox('InMemoryWebhookOutbox', () => {
  const batches = new InMemoryBatchRegistry();
  return Promise.resolve({ port: { batches, webhooks: batches.webhooks }, close: () => Promise.resolve() });
});

describeBatchChanges('InMemoryBatchChanges', () => {
  const batches = new InMemoryBatchRegistry();
  const port = { batches, changes: batches.changes, isListening: () => Promise.resolve() };
  return Promise.resolve({ port, close: () => Promise.resolve() });
});

it('starts from the rows it is given', async () => {
  const completed = aBatch({ status: 'COMPLETED' });
  expect(await new InMemoryBatchRegistry([completed]).find(completed.uuid)).toEqual(completed);
});
