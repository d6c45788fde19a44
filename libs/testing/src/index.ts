export {
  aBatch,
  aFailure,
  aNewBatch,
  aRecoveredBatch,
  aRegisteredBatch,
  aRequester,
  aUuid,
} from './builders/batch';
export { aStreamQuery } from './builders/stream';
export { describeBatchChanges, listenTo } from './conformance/batch-changes';
export type { ChangePorts } from './conformance/batch-changes';
export { describeBatchRegistry } from './conformance/batch-registry';
export type { Opened } from './conformance/opened';
export { describeStreamRegistry } from './conformance/stream-registry';
export { describeWebhookOutbox } from './conformance/webhook-outbox';
export type { WebhookPorts } from './conformance/webhook-outbox';
export { requireEndpoints } from './endpoints';
export type { Endpoints } from './endpoints';
export { InMemoryBatchChanges } from './in-memory/in-memory-batch-changes';
export { InMemoryBatchRegistry } from './in-memory/in-memory-batch-registry';
export { InMemoryStreamRegistry } from './in-memory/in-memory-stream-registry';
export { InMemoryWebhookOutbox } from './in-memory/in-memory-webhook-outbox';
export { SparkServer } from './servers/spark-server';
export type { SparkServerOptions } from './servers/spark-server';
