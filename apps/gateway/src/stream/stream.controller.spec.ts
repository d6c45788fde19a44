import type { ErrorBody } from '@millrace/domain';
import { aStreamQuery, InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { INTERNAL_TOKEN, sendJson, startNeighbour, startTestGateway } from '../gateway.fixture';
import type { NeighbourService, TestGateway } from '../gateway.fixture';
import { UNSEEN_AFTER_MS } from './stream-body';

const SOME_TEXT: unknown = expect.any(String);

let orchestrator: NeighbourService;
let streams: InMemoryStreamRegistry;
let gateway: TestGateway;

beforeEach(async () => {
  orchestrator = await startNeighbour();
  streams = new InMemoryStreamRegistry();
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams },
    { ORCHESTRATOR_URL: orchestrator.url, RESULTS_URL: orchestrator.url },
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

  it('hands on which analyses the stream keeps', async () => {
    orchestrator.on('POST /internal/stream/start', sendJson(200, { queryIds: ['q1', 'q2', 'q3'] }));
    const response = await start({ topic: 'transactions-stream', analyses: ['payment_analysis'] });
    expect(response.json()).toMatchObject({ queryIds: ['q1', 'q2', 'q3'] });
    expect(orchestrator.calls).toMatchObject([
      { body: '{"topic":"transactions-stream","analyses":["payment_analysis"]}' },
    ]);
  });

  it('hands on that the stream shall drain', async () => {
    orchestrator.on('POST /internal/stream/start', sendJson(200, { queryIds: ['q1'] }));
    const response = await start({ topic: 'transactions-stream', mode: 'drain' });
    expect(response.json()).toEqual({ status: 'started', queryIds: ['q1'] });
    expect(orchestrator.calls).toMatchObject([{ body: '{"topic":"transactions-stream","mode":"drain"}' }]);
  });

  it('names the analyses that a stream can keep', async () => {
    const response = await start({ topic: 'transactions-stream', analyses: ['hourly_trends'] });
    expect(response.json<ErrorBody>().message).toContain(
      'must be one of: revenue_by_category, payment_analysis, channel_performance',
    );
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
    [{ topic: 'transactions-stream', analyses: ['hourly_trends'] }, 'analyses.0'],
    [{ topic: 'transactions-stream', mode: 'once' }, 'mode'],
    [{ topic: 'transactions-stream', analyses: 'revenue_by_category' }, 'analyses'],
    [{ topic: 'transactions-stream', analyses: ['payment_analysis', 'payment_analysis'] }, 'analyses'],
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

describe('POST /stream/continue', () => {
  const proceed = (body: unknown) =>
    gateway.app.inject({
      method: 'POST',
      url: '/stream/continue',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    });
  const GAP = 'transactions-stream/0/100-150';

  it('hands on the gaps that are given up', async () => {
    const answer = { accepted: [GAP], queryIds: ['q1', 'q2'] };
    orchestrator.on('POST /internal/stream/continue', sendJson(200, answer));
    const response = await proceed({ acceptGaps: [GAP] });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'continued', ...answer });
    expect(orchestrator.calls).toMatchObject([{ body: `{"acceptGaps":["${GAP}"]}` }]);
  });

  it.each([
    [{}, 'acceptGaps'],
    [{ acceptGaps: [] }, 'acceptGaps'],
    [{ acceptGaps: 'all' }, 'acceptGaps'],
    [{ acceptGaps: [GAP, GAP] }, 'acceptGaps'],
    [{ acceptGaps: [7] }, 'acceptGaps.0'],
    [{ acceptGaps: [GAP], force: true }, 'force'],
    [null, 'acceptGaps'],
  ])('refuses %j and asks nobody', async (body, field) => {
    const response = await proceed(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path: field }] });
    expect(orchestrator.calls).toEqual([]);
  });

  it('answers 409 when other gaps are there', async () => {
    const conflict = { error: 'CONFLICT', message: `acceptGaps must name exactly: ${GAP}` };
    orchestrator.on('POST /internal/stream/continue', sendJson(409, conflict));
    const response = await proceed({ acceptGaps: ['transactions-stream/0/100-120'] });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject(conflict);
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
    expect(response.json()).toEqual({ active: false, topic: null, mode: null, queries: [], gaps: [] });
  });

  it('shows what the registry knows while the orchestrator is away', async () => {
    await orchestrator.close();
    await streams.requestStart('transactions', 'transactions-stream', new Date());
    const lastProgress = { batchId: 4, numInputRows: 10 };
    const counts = { received: 10, stored: 10, rejected: 0, duplicate: 0 };
    await streams.saveQuery(
      'transactions',
      aStreamQuery({ queryId: 'q1', lastProgress, counts, updateTime: new Date() }),
    );
    const response = await gateway.app.inject('/stream/status');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      active: true,
      topic: 'transactions-stream',
      queries: [
        { id: 'q1', isActive: true, lastProgress, recentProgress: [], counts, error: null, restarts: 0 },
      ],
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

  it('shows the analyses that the stream keeps, and those of an earlier start only as long as they run', async () => {
    const names = async () => {
      const { queries } = (await gateway.app.inject('/stream/status')).json<{
        queries: { name: string }[];
      }>();
      return queries.map(({ name }) => name);
    };
    await streams.requestStart('transactions', 'transactions-stream', new Date(), ['payment_analysis']);
    for (const name of ['transactions', 'payment_analysis', 'channel_performance']) {
      await streams.saveQuery('transactions', aStreamQuery({ name, isActive: false }));
    }
    expect(await names()).toEqual(['payment_analysis', 'transactions']);
    await streams.saveQuery('transactions', aStreamQuery({ name: 'channel_performance', isActive: true }));
    expect(await names()).toEqual(['channel_performance', 'payment_analysis', 'transactions']);
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

describe('GET /stream/status with a parameter', () => {
  it('is refused, since it takes none', async () => {
    const response = await gateway.app.inject('/stream/status?foo=1');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: 'foo' }] });
  });
});

describe('GET /stream/rejects', () => {
  it('passes on what the results service reads', async () => {
    const rejects = { total: 1, reasons: [{ reason: 'city: empty', count: 1 }], samples: [] };
    orchestrator.on('GET /rejects?limit=0', sendJson(200, rejects));
    const response = await gateway.app.inject('/stream/rejects?limit=0');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(rejects);
  });
});
