import type { ErrorBody } from '@millrace/domain';
import { sendJson, startBatchGateway, startNeighbour } from '../gateway.fixture';
import type { BatchGateway, NeighbourService } from '../gateway.fixture';
import { ContractUnderTest, problems } from '../openapi/contract.fixture';

const RAW = 'batch-20250115-a3f8e2b1.raw';

let results: NeighbourService;
let gateway: BatchGateway;

beforeEach(async () => {
  results = await startNeighbour();
  gateway = await startBatchGateway([], { RESULTS_URL: results.url });
});

afterEach(async () => {
  await gateway.close();
  await results.close();
});

const ask = (name: string, payload: object) =>
  gateway.app.inject({ method: 'POST', url: `/tables/${name}/upkeep`, payload });

describe('GET /tables', () => {
  it('names the tables, what is in them and what upkeep they take', async () => {
    const answer = await gateway.app.inject('/tables');
    expect(answer.statusCode).toBe(200);
    const { tables } = answer.json<{ tables: { name: string; upkeep: string[] }[] }>();
    expect(Object.fromEntries(tables.map(({ name, upkeep }) => [name, upkeep]))).toEqual({
      transactions: ['optimize', 'zorder', 'vacuum'],
      stream_aggregations: ['optimize', 'vacuum'],
      rejects: ['optimize', 'vacuum'],
      revenue_by_category: ['vacuum'],
      payment_analysis: ['vacuum'],
      channel_performance: ['vacuum'],
      seed: [],
    });
    const at = await ContractUnderTest.start();
    expect(problems(at.answerOf('GET /tables', '200'), answer.json())).toEqual([]);
    await at.close();
  });
});

describe('GET /tables with a parameter', () => {
  it('is refused, since it takes none', async () => {
    const answer = await gateway.app.inject('/tables?foo=1');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: 'foo' }] });
  });
});

describe('what the results service knows of a table', () => {
  it.each([
    ['/tables/transactions', '/tables/transactions'],
    [`/tables/${RAW}`, `/tables/${RAW}`],
    ['/tables/rejects/history?limit=3', '/tables/rejects/history?limit=3'],
    ['/tables/stream_aggregations/upkeep?limit=1', '/tables/stream_aggregations/upkeep?limit=1'],
  ])('is passed on: %s', async (url, path) => {
    results.on(`GET ${path}`, sendJson(200, { name: 'as it came' }));
    const answer = await gateway.app.inject(url);
    expect([answer.statusCode, answer.json()]).toEqual([200, { name: 'as it came' }]);
  });

  it('is passed on as a refusal too', async () => {
    const body = { error: 'RESULTS_MISSING', message: 'gone', timestamp: '2025-01-15T14:32:07.123Z' };
    results.on(`GET /tables/${RAW}`, sendJson(410, body));
    const answer = await gateway.app.inject(`/tables/${RAW}`);
    expect([answer.statusCode, answer.json()]).toEqual([410, body]);
  });

  it.each(['nothing', '..%2f..%2fetc', 'Transactions', 'batch-20250115-a3f8e2b1', `${RAW}.x`, '__proto__'])(
    'is never asked for under a name that stands for no table: %s',
    async (name) => {
      for (const url of [`/tables/${name}`, `/tables/${name}/history`, `/tables/${name}/upkeep`]) {
        const answer = await gateway.app.inject(url);
        expect(answer.statusCode).toBe(404);
        expect(answer.json()).toMatchObject({
          error: 'TABLE_NOT_FOUND',
          message: expect.stringContaining(
            'transactions, stream_aggregations, rejects, revenue_by_category, payment_analysis, channel_performance, seed, <batchId>.raw',
          ) as string,
        });
      }
      expect((await ask(name, { operation: 'optimize' })).statusCode).toBe(404);
      expect(results.calls).toEqual([]);
    },
  );
});

describe('POST /tables/:name/upkeep', () => {
  it('puts a job in the queue', async () => {
    gateway.orchestrator.on('POST /internal/upkeep', sendJson(202, { jobId: '17' }));
    const answer = await ask('transactions', { operation: 'zorder' });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ table: 'transactions', operation: 'zorder', jobId: '17' });
    expect(gateway.orchestrator.calls.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { table: 'transactions', operation: 'zorder' },
    ]);
  });

  it.each([
    ['transactions', {}, 'operation'],
    ['transactions', { operation: 'drop' }, 'operation'],
    ['transactions', { operation: ['vacuum'] }, 'operation'],
    ['transactions', { operation: 'vacuum', retainHours: 0 }, 'retainHours'],
    ['rejects', { operation: 'zorder' }, 'operation'],
    ['seed', { operation: 'optimize' }, 'operation'],
    [RAW, { operation: 'vacuum' }, 'operation'],
  ])('refuses of %s: %j', async (name, payload, path) => {
    const answer = await ask(name, payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<ErrorBody>()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path }] });
    expect(gateway.orchestrator.calls).toEqual([]);
  });

  it('says that the orchestrator is away', async () => {
    const body = {
      error: 'SERVICE_UNAVAILABLE',
      message: 'The queue (Redis) cannot be reached',
      timestamp: 'x',
    };
    gateway.orchestrator.on('POST /internal/upkeep', sendJson(503, body));
    const answer = await ask('transactions', { operation: 'optimize' });
    expect([answer.statusCode, answer.json<ErrorBody>().message]).toEqual([503, body.message]);
  });
});
