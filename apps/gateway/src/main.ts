import { runMain } from '@millrace/platform';
import { openRegistry } from '@millrace/registry';
import { BullBatchQueue } from './batch/bull-batch-queue';
import { readGatewayConfig } from './config';
import { createGateway } from './create-gateway';
import type { GatewayPorts } from './ports';

/** Requests are short: a few connections serve many of them. */
const REGISTRY_CONNECTIONS = 10;
const REGISTRY_TIMEOUT_MS = 3_000;

runMain(async () => {
  const config = readGatewayConfig();
  const registry = openRegistry({
    databaseUrl: config.databaseUrl,
    maxConnections: REGISTRY_CONNECTIONS,
    applicationName: 'millrace-gateway',
    statementTimeoutMs: REGISTRY_TIMEOUT_MS,
  });
  const queue = new BullBatchQueue({ redisUrl: config.redisUrl, timeoutMs: config.enqueueTimeoutMs });
  const ports: GatewayPorts = {
    batches: registry.batches,
    changes: registry.changes,
    webhooks: registry.webhooks,
    streams: registry.streams,
    queue,
    pingRegistry: () => registry.ping(),
    close: async () => {
      await queue.close();
      await registry.close();
    },
  };
  const queuePages = { queues: queue.shownQueues, ping: () => queue.ping() };
  const service = await createGateway(config, ports, { queuePages });
  await warmUp(ports);
  await service.listen();
});

/** The first query of each kind is slow (connections, query engine): not on a client's time. Postgres may be away. */
async function warmUp({ batches, streams }: GatewayPorts): Promise<void> {
  await Promise.allSettled([batches.list({ limit: 1 }), streams.list()]);
}
