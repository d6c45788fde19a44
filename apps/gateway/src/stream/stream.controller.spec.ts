import type { ErrorBody } from '@millrace/domain';
import { aStreamQuery, InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { INTERNAL_TOKEN, sendJson, startNeighbour, startTestGateway } from '../gateway.fixture';
import type { NeighbourService, TestGateway } from '../gateway.fixture';
import { UNSEEN_AFTER_MS } from './stream-status';

const SOME_TEXT: unknown = expect.any(String);

let orchestrator: NeighbourService;
let streams: InMemoryStreamRegistry;
let gateway: TestGateway;

beforeEach(async () => {
  orchestrator = await startNeighbour();
  streams = new InMemoryStreamRegistry();
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams },
    { ORCHESTRATOR_URL: orchestrator.url },
  );
});

afterEach(async () => {
  await gateway.app.close();
  await orchestrator.close();
});

const start = (body: unknown) =>
  gateway.app.inject({
    method: 'POST',
    url: '/stream/start',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });

describe('POST /stream/start', () => {
  it('asks the orchestrator and gives the ids of the queries', async () => {
    orchestrator.on('POST /internal/stream/start', sendJson(200, { queryIds: ['q1', 'q2'] }));
    const response = await start({ topic: 'transactions-stream' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'started', queryIds: ['q1', 'q2'] });
    expect(orchestrator.calls).toMatchObject([
      {
        body: '{"topic":"transactions-stream"}',
        headers: { authorization: `Bearer ${INTERNAL_TOKEN}` },
      },
    ]);
  });

  it('answers 409 when the stream runs already', async () => {
    const conflict = { error: 'STREAM_ALREADY_RUNNING', message: 'The stream is already running' };
    orchestrator.on('POST /internal/stream/start', sendJson(409, conflict));
    const response = await start({ topic: 'transactions-stream' });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ ...conflict, timestamp: SOME_TEXT });
  });

  it.each([
    [{ topic: 'another-topic' }, 'topic'],
    [{ topic: '../../etc' }, 'topic'],
    [{}, 'topic'],
    [[], 'body'],
    [{ topic: 'transactions-stream', startingOffsets: 'latest' }, 'startingOffsets'],
  ])('refuses %j and asks nobody', async (body, field) => {
    const response = await start(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: field }] });
    expect(orchestrator.calls).toEqual([]);
  });

  it('names the orchestrator when it is away', async () => {
    await orchestrator.close();
    const response = await start({ topic: 'transactions-stream' });
    expect(response.statusCode).toBe(503);
    expect(response.json<ErrorBody>().message).toContain('orchestrator');
  });
});

describe('POST /stream/stop', () => {
  it('tells how many queries it stopped', async () => {
    orchestrator.on('POST /internal/stream/stop', sendJson(200, { queriesStopped: 2 }));
    const response = await gateway.app.inject({ method: 'POST', url: '/stream/stop' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'stopped', queriesStopped: 2 });
  });
});

describe('GET /stream/status', () => {
  it('tells that nothing runs before the first start', async () => {
    const response = await gateway.app.inject('/stream/status');
    expect(response.json()).toEqual({ active: false, topic: null, queries: [] });
  });

  it('shows what the registry knows while the orchestrator is away', async () => {
    await orchestrator.close();
    await streams.requestStart('transactions', 'transactions-stream', new Date());
    const lastProgress = { batchId: 4, numInputRows: 10 };
    await streams.saveQuery(
      'transactions',
      aStreamQuery({ queryId: 'q1', lastProgress, updateTime: new Date() }),
    );
    const response = await gateway.app.inject('/stream/status');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      active: true,
      topic: 'transactions-stream',
      queries: [{ id: 'q1', isActive: true, lastProgress, recentProgress: [], error: null, restarts: 0 }],
    });
  });

  it('does not call a query active that was not seen for long, and says so', async () => {
    await streams.requestStart('transactions', 'transactions-stream', new Date());
    const lastSeen = new Date(Date.now() - UNSEEN_AFTER_MS - 1);
    await streams.saveQuery(
      'transactions',
      aStreamQuery({ statusMessage: 'Processing', updateTime: lastSeen }),
    );
    const response = await gateway.app.inject('/stream/status');
    expect(response.json()).toMatchObject({
      active: false,
      queries: [{ isActive: false, status: `not seen since ${lastSeen.toISOString()}` }],
    });
  });

  it('is not active when it was stopped, also while a query still ends', async () => {
    await streams.requestStart('transactions', 'transactions-stream', new Date());
    await streams.saveQuery('transactions', aStreamQuery({ updateTime: new Date() }));
    await streams.requestStop('transactions');
    const response = await gateway.app.inject('/stream/status');
    expect(response.json()).toMatchObject({ active: false, queries: [{ isActive: true }] });
  });

  it('is not active when no query is', async () => {
    await streams.requestStart('transactions', 'transactions-stream', new Date());
    await streams.saveQuery(
      'transactions',
      aStreamQuery({ isActive: false, errorMessage: 'Kafka lost data' }),
    );
    const response = await gateway.app.inject('/stream/status');
    expect(response.json()).toMatchObject({ active: false, queries: [{ error: 'Kafka lost data' }] });
  });
});
