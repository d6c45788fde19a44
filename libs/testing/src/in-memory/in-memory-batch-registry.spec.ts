import { aBatch } from '../builders/batch';
import { describeBatchRegistry } from '../conformance/batch-registry';
import { InMemoryBatchRegistry } from './in-memory-batch-registry';

describeBatchRegistry('InMemoryBatchRegistry', () =>
  Promise.resolve({ port: new InMemoryBatchRegistry(), close: () => Promise.resolve() }),
);

it('starts from the rows it is given', async () => {
  const completed = aBatch({ status: 'COMPLETED' });
  expect(await new InMemoryBatchRegistry([completed]).find(completed.uuid)).toEqual(completed);
});
