export { exclusiveLease } from './exclusive-lease';
export type { ExclusiveLease, LeaseTiming } from './exclusive-lease';
export { migrate } from './migrate';
export { openRegistry } from './open-registry';
export type { Registry, RegistryOptions } from './open-registry';
export { PostgresBatchChanges } from './postgres-batch-changes';
export { PostgresBatchRegistry } from './postgres-batch-registry';
export { PostgresStreamRegistry } from './postgres-stream-registry';
export { PostgresWebhookOutbox } from './postgres-webhook-outbox';
