import type { Service } from '@millrace/platform';
import type { InjectOptions } from 'fastify';
import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { BullBatchQueue } from '../batch/bull-batch-queue';
import { createGateway } from '../create-gateway';
import { startTestGateway, testConfig } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';

const SOME_TEXT: unknown = expect.any(String);

const API_TOKEN = 'the-token-of-the-api';
const basic = (password: string) => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;

let gateway: TestGateway;

async function start(variables: Record<string, string>): Promise<void> {
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams: new InMemoryStreamRegistry() },
    variables,
  );
}

const statusOf = async (request: InjectOptions) => (await gateway.app.inject(request)).statusCode;

describe('with an API token', () => {
  beforeAll(() => start({ MILLRACE_HOST: '0.0.0.0', MILLRACE_API_TOKEN: API_TOKEN }));
  afterAll(() => gateway.app.close());

  it.each(['/batch/list', '/stream/status', '/docs', '/openapi.json', '/nowhere'])(
    'asks for it on %s',
    async (url) => {
      const response = await gateway.app.inject(url);
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toContain('Bearer');
      expect(response.json()).toMatchObject({ error: 'UNAUTHORIZED', timestamp: SOME_TEXT });
    },
  );

  it('takes it as a bearer, and as the password of a browser', async () => {
    const url = '/batch/list';
    expect(await statusOf({ url, headers: { authorization: `Bearer ${API_TOKEN}` } })).toBe(200);
    expect(await statusOf({ url, headers: { authorization: basic(API_TOKEN) } })).toBe(200);
    expect(await statusOf({ url, headers: { authorization: 'Bearer something-else' } })).toBe(401);
    expect(await statusOf({ url, headers: { authorization: basic('something-else') } })).toBe(401);
  });

  it('leaves the probes open', async () => {
    expect(await statusOf({ url: '/health' })).toBe(503);
    expect(await statusOf({ url: '/health/live' })).toBe(200);
    expect(await statusOf({ url: '/health/ready' })).toBe(200);
  });

  it('answers every host name', async () => {
    const headers = { host: 'millrace.example', authorization: `Bearer ${API_TOKEN}` };
    expect(await statusOf({ url: '/batch/list', headers })).toBe(200);
  });
});

describe('without an API token, on loopback', () => {
  beforeAll(() => start({}));
  afterAll(() => gateway.app.close());

  it.each(['localhost:8080', '127.0.0.1:8080', '[::1]:8080'])('answers %s', async (host) => {
    expect(await statusOf({ url: '/batch/list', headers: { host } })).toBe(200);
  });

  it('refuses a foreign name that was made to point here', async () => {
    expect(await statusOf({ url: '/batch/list', headers: { host: 'evil.example' } })).toBe(401);
  });

  it.each([{ origin: 'http://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])(
    'refuses a POST that another page makes (%j)',
    async (headers) => {
      expect(await statusOf({ method: 'POST', url: '/stop', headers })).toBe(401);
      expect(gateway.service.drain.isDraining).toBe(false);
    },
  );

  it('takes a POST of its own pages', async () => {
    const headers = { host: 'localhost:8080', origin: 'http://localhost:8080' };
    const url = '/batch/run';
    expect(await statusOf({ method: 'POST', url, headers })).toBe(400);
  });
});

describe('with an ops token', () => {
  const OPS_TOKEN = 'the-token-of-the-operators';
  const config = testConfig({ MILLRACE_API_TOKEN: API_TOKEN, MILLRACE_OPS_TOKEN: OPS_TOKEN });
  const statusWith = async (url: string, password: string) =>
    (await service.app.inject({ url, headers: { authorization: basic(password) } })).statusCode;
  let service: Service;

  beforeAll(async () => {
    const queue = new BullBatchQueue({ redisUrl: config.redisUrl, timeoutMs: 1 });
    const batches = new InMemoryBatchRegistry();
    const ports = {
      batches,
      changes: batches.changes,
      webhooks: batches.webhooks,
      streams: new InMemoryStreamRegistry(),
      queue,
      pingRegistry: () => Promise.resolve(),
      close: () => queue.close(),
    };
    const queuePages = { queues: queue.shownQueues, ping: () => queue.ping() };
    service = await createGateway(config, ports, { queuePages });
  });
  afterAll(() => service.app.close());

  // 503 is the answer of the queue pages themselves: there is no Redis here.
  it.each(['/ops/queues', '/ops/queues/api/queues', '/%6fps/queues/api/queues', '/ops/%71ueues/api/queues'])(
    'shows the queues under every spelling (%s) only to operators',
    async (url) => {
      expect(await statusWith(url, API_TOKEN)).toBe(401);
      expect(await statusWith(url, OPS_TOKEN)).toBe(503);
    },
  );

  it('does not take it for the API', async () => {
    expect(await statusWith('/batch/list', OPS_TOKEN)).toBe(401);
    expect(await statusWith('/batch/list', API_TOKEN)).toBe(200);
  });
});
