export { aBatch, aNewBatch, aUuid } from './builders/batch';
export { aStreamQuery } from './builders/stream';
export { describeBatchRegistry } from './conformance/batch-registry';
export type { Opened } from './conformance/opened';
export { describeStreamRegistry } from './conformance/stream-registry';
export { requireEndpoints } from './endpoints';
export type { Endpoints } from './endpoints';
export { InMemoryBatchRegistry } from './in-memory/in-memory-batch-registry';
export { InMemoryStreamRegistry } from './in-memory/in-memory-stream-registry';
