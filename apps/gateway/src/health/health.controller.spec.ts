import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { sendJson, startNeighbour, startTestGateway } from '../gateway.fixture';
import type { NeighbourService, TestGateway } from '../gateway.fixture';

const SOME_TEXT: unknown = expect.any(String);

let orchestrator: NeighbourService;
let gateway: TestGateway | undefined;

beforeEach(async () => {
  orchestrator = await startNeighbour();
});

afterEach(async () => {
  await gateway?.app.close();
  await orchestrator.close();
});

async function start(): Promise<TestGateway> {
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams: new InMemoryStreamRegistry() },
    { ORCHESTRATOR_URL: orchestrator.url },
  );
  return gateway;
}

async function untilHealthIs(status: number): Promise<Record<string, unknown>> {
  for (;;) {
    const response = await gateway?.app.inject('/health');
    if (response?.statusCode === status) return response.json();
    await new Promise(setImmediate);
  }
}

describe('GET /health', () => {
  it('is healthy while Spark answers, and unhealthy soon after it stops', async () => {
    orchestrator.on('GET /internal/health', sendJson(200, { spark: true }));
    await start();
    expect(await untilHealthIs(200)).toEqual({ status: 'healthy', spark: true, uptime: SOME_TEXT });
    orchestrator.on('GET /internal/health', sendJson(200, { spark: false }));
    expect(await untilHealthIs(503)).toMatchObject({
      status: 'unhealthy',
      spark: false,
      error: 'SERVICE_UNAVAILABLE',
      message: SOME_TEXT,
      timestamp: SOME_TEXT,
    });
  });

  it('shows what the orchestrator warns of, and is healthy all the same', async () => {
    const warnings = ['Topic transactions-stream is not as declared: partitions is 3, not 12'];
    orchestrator.on('GET /internal/health', sendJson(200, { spark: true, warnings }));
    await start();
    expect(await untilHealthIs(200)).toEqual({ status: 'healthy', spark: true, uptime: SOME_TEXT, warnings });
  });

  it('answers while the orchestrator hangs', async () => {
    const asked = new Promise<void>((resolve) => {
      orchestrator.on('GET /internal/health', () => {
        resolve();
      });
    });
    const { app } = await start();
    await asked;
    const response = await app.inject('/health');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ spark: false });
  });
});

describe('GET /health/live and /health/ready', () => {
  it('lives whatever is away', async () => {
    const { app } = await start();
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
  });

  it('is ready while its stores answer', async () => {
    const { app, queue } = await start();
    expect((await app.inject('/health/ready')).statusCode).toBe(200);
    queue.failure = new Error('connection refused');
    const response = await app.inject('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({
      status: 'not_ready',
      checks: { postgres: true, redis: false },
      error: 'SERVICE_UNAVAILABLE',
      message: 'Not ready: redis',
    });
  });

  it('is not ready once the shutdown has begun', async () => {
    const { app, service } = await start();
    await service.drain.run('the spec says so');
    expect((await app.inject('/health/ready')).statusCode).toBe(503);
  });
});
