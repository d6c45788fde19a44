import type { BatchChanges, BatchJob, BatchRegistry, StreamRegistry, WebhookOutbox } from '@millrace/domain';

/** The queue as the gateway uses it. */
export interface BatchQueue {
  /** Adds the job of one attempt; adding it again changes nothing. A lower rank is taken first. */
  add(job: BatchJob, fairRank: number): Promise<void>;
  ping(): Promise<void>;
}

/** Everything outside this process that the gateway stands on, apart from the other services. */
export interface GatewayPorts {
  readonly batches: BatchRegistry;
  readonly changes: BatchChanges;
  readonly webhooks: WebhookOutbox;
  readonly streams: StreamRegistry;
  readonly queue: BatchQueue;
  pingRegistry(): Promise<void>;
  /** Closes the connections, once no request needs them any more. */
  close(): Promise<void>;
}

/** Injection tokens of the ports. */
export const BATCH_REGISTRY = Symbol('BatchRegistry');
export const STREAM_REGISTRY = Symbol('StreamRegistry');
export const BATCH_QUEUE_PORT = Symbol('BatchQueue');
export const GATEWAY_PORTS = Symbol('GatewayPorts');
export const GATEWAY_CONFIG = Symbol('GatewayConfig');
