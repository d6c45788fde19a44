import type { ErrorBody } from '@millrace/domain';
import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { sendJson, startNeighbour, startTestGateway } from '../gateway.fixture';
import type { NeighbourService, TestGateway } from '../gateway.fixture';

let neighbour: NeighbourService;
let gateway: TestGateway;

beforeEach(async () => {
  neighbour = await startNeighbour();
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams: new InMemoryStreamRegistry() },
    { ORCHESTRATOR_URL: neighbour.url, RESULTS_URL: neighbour.url },
  );
});

afterEach(async () => {
  await gateway.app.close();
  await neighbour.close();
});

const verify = (payload: object) =>
  gateway.app.inject({ method: 'POST', url: '/verify/consistency', payload });

const compared = {
  analysis: 'revenue_by_category',
  version: 812,
  tableVersion: 95,
  rows: 10,
  cells: 60,
  equal: false,
  different: 1,
  differences: [{ key: { category: 'books' }, column: 'transaction_count', stream: 5, batch: 4 }],
  tolerance: { total_revenue: { relative: 1e-11 } },
};

describe('POST /verify/consistency', () => {
  it('answers what the orchestrator compared', async () => {
    neighbour.on('POST /internal/verify/consistency', sendJson(200, compared));
    const response = await verify({ analysis: 'revenue_by_category' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(compared);
    expect(neighbour.calls).toMatchObject([{ body: '{"analysis":"revenue_by_category"}' }]);
  });

  it('passes on that no stream keeps the analysis', async () => {
    const conflict = { error: 'CONFLICT', message: 'No stream keeps payment_analysis' };
    neighbour.on('POST /internal/verify/consistency', sendJson(409, conflict));
    const response = await verify({ analysis: 'payment_analysis' });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject(conflict);
  });

  it.each([
    [{}, 'analysis'],
    [{ analysis: 'hourly_trends' }, 'analysis'],
    [{ analysis: ['payment_analysis'] }, 'analysis'],
    [{ analysis: 'payment_analysis', version: 3 }, 'version'],
  ])('refuses %j and asks nobody', async (body, field) => {
    const response = await verify(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: field }] });
    expect(neighbour.calls).toEqual([]);
  });

  it('names the analyses that can be verified', async () => {
    const response = await verify({ analysis: 'hourly_trends' });
    expect(response.json<ErrorBody>().message).toContain(
      'must be one of: revenue_by_category, payment_analysis, channel_performance',
    );
  });
});

describe('GET /stream/analyses/:name', () => {
  it('passes on what the results service reads', async () => {
    const body = { analysis: 'payment_analysis', version: 1, asOf: null, page: {}, data: [] };
    neighbour.on('GET /stream/analyses/payment_analysis?limit=1&offset=2', sendJson(200, body));
    const response = await gateway.app.inject('/stream/analyses/payment_analysis?limit=1&offset=2');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(body);
  });

  it.each(['hourly_trends', '..%2ftransactions'])('knows no analysis %s and asks nobody', async (name) => {
    const response = await gateway.app.inject(`/stream/analyses/${name}`);
    expect(response.statusCode).toBe(404);
    expect(neighbour.calls).toEqual([]);
  });
});
