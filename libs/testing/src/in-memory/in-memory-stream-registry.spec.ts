import { describeStreamRegistry } from '../conformance/stream-registry';
import { InMemoryStreamRegistry } from './in-memory-stream-registry';

describeStreamRegistry('InMemoryStreamRegistry', () =>
  Promise.resolve({ port: new InMemoryStreamRegistry(), close: () => Promise.resolve() }),
);
