import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANALYSIS_QUEUE, BATCH_QUEUE, UPKEEP_QUEUE, batchJobId } from '@millrace/domain';
import type { Service } from '@millrace/platform';
import { migrate, openRegistry } from '@millrace/registry';
import { requireEndpoints } from '@millrace/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { BullBatchQueue } from './batch/bull-batch-queue';
import { EndOfBatch } from './batch/end-of-batch';
import { createGateway } from './create-gateway';
import { testConfig } from './gateway.fixture';
import type { GatewayPorts } from './ports';

const SOME_TEXT: unknown = expect.any(String);

const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const NOWHERE = 'postgresql://nobody:secret@127.0.0.1:1/nothing';

interface Started {
  readonly service: Service;
  readonly ports: GatewayPorts;
}

const started: Service[] = [];

async function start(databaseUrl: string, redisUrl: string): Promise<Started> {
  const config = testConfig({ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl });
  const registry = openRegistry({ databaseUrl, maxConnections: 2, applicationName: 'gateway-spec' });
  const queue = new BullBatchQueue({ redisUrl, timeoutMs: config.enqueueTimeoutMs });
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
  started.push(service);
  return { service, ports };
}

async function untilReachable({ queue }: GatewayPorts): Promise<void> {
  for (;;) {
    const isReady = await queue.ping().then(
      () => true,
      () => false,
    );
    if (isReady) return;
    await new Promise(setImmediate);
  }
}

const submit = (service: Service) =>
  service.app.inject({ method: 'POST', url: '/batch/run', payload: VALID });

describe('the gateway on Postgres and Redis', () => {
  const { postgres, redis: server } = requireEndpoints();
  // A database that no orchestrator watches: it would take the jobs that are looked at here.
  const redis = `${server.replace(/\/\d*$/, '')}/9`;

  beforeAll(async () => {
    await migrate(postgres);
  });

  afterAll(async () => {
    await Promise.all(started.map((service) => service.app.close()));
  });

  it('keeps a submitted batch in the registry and puts one job on the queue', async () => {
    const { service, ports } = await start(postgres, redis);
    await untilReachable(ports);
    const response = await submit(service);
    expect(response.statusCode).toBe(202);
    const { batchId } = response.json<{ batchId: string }>();
    expect(await ports.batches.find(batchId)).toMatchObject({ ...VALID, attempt: 1 });
    const connection = new Redis(redis, { maxRetriesPerRequest: null });
    const queue = new Queue(BATCH_QUEUE, { connection });
    await ports.queue.add({ batchId, attempt: 1 }, 1);
    const job = await queue.getJob(batchJobId({ batchId, attempt: 1 }));
    expect(job).toMatchObject({ data: { batchId, attempt: 1 }, opts: { attempts: 1 } });
    await job?.remove();
    expect(await queue.getJob(batchJobId({ batchId, attempt: 1 }))).toBeUndefined();
    await queue.close();
    connection.disconnect();
  });

  it('makes one batch of 1,000 equal submissions at once with one key', async () => {
    const { service, ports } = await start(postgres, redis);
    await untilReachable(ports);
    const headers = { 'idempotency-key': 'one-key', 'x-client-id': `spec-${String(process.pid)}` };
    const send = () => service.app.inject({ method: 'POST', url: '/batch/run', headers, payload: VALID });
    const answers = await Promise.all(Array.from({ length: 1_000 }, send));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    const { total } = await ports.batches.list({ client: headers['x-client-id'], limit: 1 });
    expect(total).toBe(1);
  });

  it('tells the end of a batch to who waits for it', async () => {
    const { service, ports } = await start(postgres, redis);
    const { batchId } = (await submit(service)).json<{ batchId: string }>();
    const answer = service.app.inject({ url: `/batch/status/${batchId}`, headers: { prefer: 'wait=30' } });
    while (service.app.get(EndOfBatch).size === 0) await new Promise(setImmediate);
    await ports.batches.requestCancel(batchId, new Date());
    expect((await answer).json()).toMatchObject({ batchId, status: 'CANCELLED' });
  });

  it('accepts a batch within a second while Redis is away', async () => {
    const { service, ports } = await start(postgres, 'redis://127.0.0.1:1');
    const response = await submit(service);
    expect(response.statusCode).toBe(202);
    const { batchId } = response.json<{ batchId: string }>();
    expect(await ports.batches.find(batchId)).toMatchObject({ batchId, attempt: 1 });
    const readiness = await service.app.inject('/health/ready');
    expect(readiness.json()).toMatchObject({ checks: { postgres: true, redis: false } });
    const pages = await service.app.inject('/ops/queues');
    expect(pages.statusCode).toBe(503);
    expect(pages.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE', timestamp: SOME_TEXT });
    expect(pages.headers['retry-after']).toBe('5');
  });

  it('answers 503 without a job, and tells no address, while Postgres is away', async () => {
    const { service, ports } = await start(NOWHERE, redis);
    await untilReachable(ports);
    for (const response of [
      await submit(service),
      await service.app.inject('/batch/list'),
      await service.app.inject('/batch/status/batch-20250115-a3f8e2b1'),
      await service.app.inject('/stream/status'),
    ]) {
      expect(response.statusCode).toBe(503);
      expect(response.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE' });
      expect(response.body).not.toMatch(/secret|127\.0\.0\.1/);
    }
    expect((await service.app.inject('/health/live')).statusCode).toBe(200);
  });

  it('shows the queues read-only', async () => {
    const { service, ports } = await start(postgres, redis);
    await untilReachable(ports);
    const page = await service.app.inject('/ops/queues');
    expect(page.headers['content-type']).toContain('text/html');
    const queues = await service.app.inject('/ops/queues/api/queues');
    expect(queues.json()).toMatchObject({
      queues: [BATCH_QUEUE, ANALYSIS_QUEUE, UPKEEP_QUEUE].map((name) => ({ name, readOnlyMode: true })),
    });
    const change = await service.app.inject({
      method: 'PUT',
      url: `/ops/queues/api/queues/${BATCH_QUEUE}/pause`,
    });
    expect(change.statusCode).toBe(405);
  });

  it('refuses paths that leave their place, as they are on the wire', async () => {
    const { service, ports } = await start(postgres, redis);
    await untilReachable(ports);
    await service.app.listen(0, '127.0.0.1');
    const { port } = service.app.getHttpServer().address() as AddressInfo;
    const raw = (path: string) =>
      new Promise<number>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    expect(await raw('/batch/status/%2e%2e')).toBe(400);
    expect(await raw('/batch/data/%2e%2e/aggregated')).toBe(400);
    expect(await raw('/batch/data/..')).toBe(400);
    expect(await raw('/batch/data/../../etc/passwd')).toBe(404);
    expect(await raw('/docs/../../../package.json')).toBe(403);
    expect(await raw('/ops/queues/static/../../package.json')).toBe(403);
  });
});
