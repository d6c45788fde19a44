import { ServiceUnavailable } from '@millrace/domain';
import type { ErrorBody } from '@millrace/domain';
import { aBatch, aUuid, InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';

const SOME_TEXT: unknown = expect.any(String);

const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };

const KNOWN = [
  aBatch({ uuid: aUuid(1), submitTime: new Date('2025-01-01T00:00:00Z'), status: 'COMPLETED', rowCount: 7n }),
  aBatch({
    uuid: aUuid(2),
    submitTime: new Date('2025-01-02T00:00:00Z'),
    status: 'FAILED',
    errorMessage: 'The table does not exist',
  }),
  aBatch({ uuid: aUuid(3), submitTime: new Date('2025-01-03T00:00:00Z') }),
];

const [COMPLETED = '', FAILED = '', PENDING = ''] = KNOWN.map((batch) => batch.batchId);

let batches: InMemoryBatchRegistry;
let gateway: TestGateway;

const start = async () => {
  batches = new InMemoryBatchRegistry(KNOWN);
  gateway = await startTestGateway({ batches, streams: new InMemoryStreamRegistry() });
};
const stop = () => gateway.app.close();

const submit = (payload: unknown, contentType = 'application/json') =>
  gateway.app.inject({
    method: 'POST',
    url: '/batch/run',
    headers: { 'content-type': contentType },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

describe('POST /batch/run', () => {
  beforeEach(start);
  afterEach(stop);

  it('registers the batch, puts its first job on the queue and answers 202 with the id', async () => {
    const response = await submit(VALID);
    expect(response.statusCode).toBe(202);
    const { batchId } = response.json<{ batchId: string }>();
    expect(batchId).toMatch(/^batch-\d{8}-[0-9a-f]{8}$/);
    expect(response.json()).toEqual({
      batchId,
      status: 'PENDING',
      links: {
        status: `/batch/status/${batchId}`,
        data: `/batch/data/${batchId}`,
        aggregated: `/batch/data/${batchId}/aggregated`,
        events: `/batch/${batchId}/events`,
      },
    });
    expect(response.headers['location']).toBe(`/batch/status/${batchId}`);
    expect(await batches.find(batchId)).toMatchObject({ ...VALID, status: 'PENDING', filters: null });
    expect(gateway.queue.jobs).toEqual([{ batchId, attempt: 1 }]);
    expect(gateway.queue.ranks).toEqual([1]);
  });

  it('keeps the filters', async () => {
    const filters = { category: 'electronics', region: 'west', is_fraudulent: false, quantity: 2 };
    const response = await submit({ ...VALID, analysisType: 'customer_segmentation', filters });
    const { batchId } = response.json<{ batchId: string }>();
    expect(await batches.find(batchId)).toMatchObject({ filters, analysisType: 'customer_segmentation' });
  });

  it('accepts the batch while the queue is away: the row is the outbox', async () => {
    gateway.queue.failure = new Error('connection refused');
    const response = await submit(VALID);
    expect(response.statusCode).toBe(202);
    const { batchId } = response.json<{ batchId: string }>();
    expect(await batches.find(batchId)).toMatchObject({ status: 'PENDING' });
  });

  it('keeps labels, time limit, and who asked from where with what', async () => {
    const response = await gateway.app.inject({
      method: 'POST',
      url: '/batch/run',
      headers: { 'x-client-id': 'nightly-report', 'user-agent': 'spec/2', 'x-request-id': 'request-9' },
      payload: { ...VALID, labels: { team: 'pricing' }, timeoutSeconds: 60 },
    });
    const { batchId } = response.json<{ batchId: string }>();
    expect(await batches.find(batchId)).toMatchObject({
      labels: { team: 'pricing' },
      timeoutSeconds: 60,
      requestedBy: {
        client: 'nightly-report',
        address: '127.0.0.1',
        userAgent: 'spec/2',
        requestId: 'request-9',
      },
    });
  });

  it('takes the address for a client that does not name itself', async () => {
    const { batchId } = (await submit(VALID)).json<{ batchId: string }>();
    expect(await batches.find(batchId)).toMatchObject({ requestedBy: { client: '127.0.0.1' } });
  });

  it('tells a second equal submission of a client of its twin, and no other client', async () => {
    const send = (client: string) =>
      gateway.app.inject({
        method: 'POST',
        url: '/batch/run',
        headers: { 'x-client-id': client },
        payload: VALID,
      });
    const { batchId } = (await send('one')).json<{ batchId: string }>();
    const twin = { batchId, links: { status: `/batch/status/${batchId}` } };
    expect((await send('one')).json()).toMatchObject({ status: 'PENDING', twin });
    expect((await send('two')).json()).not.toHaveProperty('twin');
  });

  it('answers 503 and when to ask again, and keeps nothing, while as many wait as may', async () => {
    await stop();
    gateway = await startTestGateway(
      { batches, streams: new InMemoryStreamRegistry() },
      { BATCH_MAX_PENDING: '2' },
    );
    expect((await submit(VALID)).statusCode).toBe(202);
    const response = await submit(VALID);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('30');
    expect(response.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE' });
    expect(await batches.list({ limit: 1 })).toMatchObject({ total: KNOWN.length + 1 });
    expect(gateway.queue.jobs).toHaveLength(1);
  });

  it('answers 503 and enqueues nothing while the registry is away', async () => {
    batches.register = () =>
      Promise.reject(new ServiceUnavailable('The registry (Postgres) does not answer'));
    const response = await submit(VALID);
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE', timestamp: SOME_TEXT });
    expect(gateway.queue.jobs).toEqual([]);
  });

  it('accepts nothing once the shutdown has begun', async () => {
    await gateway.service.drain.run('the spec says so');
    expect((await submit(VALID)).statusCode).toBe(503);
    expect(await batches.list({ limit: 100 })).toMatchObject({ total: KNOWN.length });
  });
});

describe('GET /batch/status/:batchId', () => {
  beforeAll(start);
  afterAll(stop);

  it('shows the whole record, nulls included, by the id and by the UUID', async () => {
    const byId = await gateway.app.inject(`/batch/status/${COMPLETED}`);
    expect(byId.statusCode).toBe(200);
    expect(byId.json()).toMatchObject({
      batchId: COMPLETED,
      status: 'COMPLETED',
      rowCount: 7,
      topic: null,
      errorMessage: null,
    });
    const byUuid = await gateway.app.inject(`/batch/status/${aUuid(1)}`);
    expect(byUuid.json()).toEqual(byId.json());
  });

  it('tells the turn of a batch that waits, and when to ask again', async () => {
    const waiting = await gateway.app.inject(`/batch/status/${PENDING}`);
    expect(waiting.json()).toMatchObject({ status: 'PENDING', queuePosition: 1, members: null });
    expect(waiting.headers['retry-after']).toBe('1');
    const ended = await gateway.app.inject(`/batch/status/${COMPLETED}`);
    expect(ended.json()).toMatchObject({ queuePosition: null });
    expect(ended.headers).not.toHaveProperty('retry-after');
  });

  it.each(['CANCELLED', 'UNKNOWN'] as const)('answers 200 for a batch that is %s', async (status) => {
    const batch = aBatch({ uuid: aUuid(4), status });
    const other = await startTestGateway({
      batches: new InMemoryBatchRegistry([batch]),
      streams: new InMemoryStreamRegistry(),
    });
    const response = await other.app.inject(`/batch/status/${batch.batchId}`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status });
    await other.app.close();
  });

  it('answers 500 with the record and the reason for a batch that failed', async () => {
    const response = await gateway.app.inject(`/batch/status/${FAILED}`);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({
      batchId: FAILED,
      status: 'FAILED',
      errorMessage: 'The table does not exist',
      error: 'INTERNAL_ERROR',
      message: `Batch ${FAILED} failed: The table does not exist`,
      timestamp: SOME_TEXT,
    });
  });

  it('answers 200 with the record alone where a poller asks for it', async () => {
    const response = await gateway.app.inject(`/batch/status/${FAILED}?view=record`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).not.toHaveProperty('error');
  });

  it.each([
    ['batch-xyz', 404, 'BATCH_NOT_FOUND'],
    ['batch-20250115-00000000', 404, 'BATCH_NOT_FOUND'],
    ['..%2f..%2fetc%2fpasswd', 400, 'INVALID_REQUEST'],
    ['%00', 400, 'INVALID_REQUEST'],
    ['a%20b', 400, 'INVALID_REQUEST'],
  ])('refuses %s with %d', async (reference, status, code) => {
    const response = await gateway.app.inject(`/batch/status/${reference}`);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error: code });
  });

  it('names the id that it does not know', async () => {
    const response = await gateway.app.inject('/batch/status/batch-xyz');
    expect(response.json<ErrorBody>().message).toBe('No batch job found with ID: batch-xyz');
  });

  it('finds nothing outside its routes', async () => {
    const response = await gateway.app.inject('/batch/status/../../etc/passwd');
    expect(response.statusCode).toBe(404);
  });
});
