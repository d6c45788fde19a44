import type { BatchRecord } from '@millrace/domain';
import { aRegisteredBatch, aUuid, InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';
import { EventClient } from './event-client.fixture';

export const OUTCOME = {
  endTime: new Date('2025-01-15T10:31:00Z'),
  rowCount: 7n,
  maxEventTimestamp: null,
  deltaRawPath: '/raw',
  deltaAggPath: '/aggregated',
  rawVersion: 0n,
  aggVersion: 0n,
  expiresAt: new Date('2025-01-22T10:31:00Z'),
};

export const progress = (percent: number) => ({ stage: 'raw', percent, rows: percent * 10 }) as const;

/** The gateway on a port, and the clients of its event streams. */
export interface EventGateway {
  readonly batches: InMemoryBatchRegistry;
  readonly gateway: TestGateway;
  readonly url: string;
  registered(number?: number): Promise<BatchRecord>;
  open(path: string, headers?: Record<string, string>): Promise<EventClient>;
  /** PENDING, RUNNING, two times progress, COMPLETED: events 1 to 5. */
  runToEnd(record: BatchRecord): Promise<void>;
  close(): Promise<void>;
}

export async function startEventGateway(
  records: readonly BatchRecord[] = [],
  variables: Record<string, string> = {},
): Promise<EventGateway> {
  const batches = new InMemoryBatchRegistry(records);
  const streams = new InMemoryStreamRegistry();
  const gateway = await startTestGateway({ batches, streams }, { GATEWAY_PORT: '0', ...variables });
  const url = await gateway.service.listen();
  const clients: EventClient[] = [];
  return {
    batches,
    gateway,
    url,
    registered: (number = 1) => aRegisteredBatch(batches, { uuid: aUuid(number) }),
    open: async (path, headers = {}) => {
      const client = await EventClient.open(url + path, headers);
      clients.push(client);
      return client;
    },
    runToEnd: async (record) => {
      await batches.claim(record, new Date());
      await batches.storeProgress(record, progress(20));
      await batches.storeProgress(record, progress(60));
      await batches.complete(record, OUTCOME);
    },
    close: async () => {
      for (const client of clients) client.close();
      await gateway.app.close();
    },
  };
}
