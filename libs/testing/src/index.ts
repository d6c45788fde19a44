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
export { SAMPLE_TRANSACTION_EVENT } from './builders/transaction-event';
export { anUpkeepRun } from './builders/upkeep';
export { describeBatchChanges, listenTo } from './conformance/batch-changes';
export type { ChangePorts } from './conformance/batch-changes';
export { describeBatchRegistry } from './conformance/batch-registry';
export { openedForEachTest } from './conformance/opened';
export type { Opened } from './conformance/opened';
export { describeRejectReplays } from './conformance/reject-replays';
export { describeStreamRegistry } from './conformance/stream-registry';
export { describeUpkeepRegistry } from './conformance/upkeep-registry';
export { describeWebhookOutbox } from './conformance/webhook-outbox';
export type { WebhookPorts } from './conformance/webhook-outbox';
export { requireEndpoints } from './endpoints';
export type { Endpoints } from './endpoints';
export { InMemoryBatchChanges } from './in-memory/in-memory-batch-changes';
export { InMemoryBatchRegistry } from './in-memory/in-memory-batch-registry';
export { InMemoryRejectReplays } from './in-memory/in-memory-reject-replays';
export { InMemoryStreamRegistry } from './in-memory/in-memory-stream-registry';
export { InMemoryUpkeepRegistry } from './in-memory/in-memory-upkeep-registry';
export { InMemoryWebhookOutbox } from './in-memory/in-memory-webhook-outbox';
export { S3Server } from './servers/s3-server';
export { SecuredKafka } from './servers/secured-kafka';
export { SparkServer, javaCommand } from './servers/spark-server';
export type { SparkServerOptions } from './servers/spark-server';
