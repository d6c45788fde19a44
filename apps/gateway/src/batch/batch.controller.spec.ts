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
      },
    });
    expect(response.headers['location']).toBe(`/batch/status/${batchId}`);
    expect(await batches.find(batchId)).toMatchObject({ ...VALID, status: 'PENDING', filters: null });
    expect(gateway.queue.jobs).toEqual([{ batchId, attempt: 1 }]);
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

describe('POST /batch/run refuses, names the field and creates neither row nor job for', () => {
  beforeAll(start);
  afterAll(stop);

  const kafka = { topic: 'transactions-batch', startOffset: 'earliest', endOffset: 'latest' };
  const { analysisType } = VALID;

  it.each<[string, unknown, string[]]>([
    ['a garbage date', { ...VALID, startDate: '01/02/2025' }, ['startDate']],
    ['a day that no month has', { ...VALID, endDate: '2025-02-30' }, ['endDate']],
    ['a reversed range', { ...VALID, startDate: '2025-01-16' }, ['endDate']],
    ['an unknown analysis', { ...VALID, analysisType: 'everything' }, ['analysisType']],
    ['an unknown filter column', { ...VALID, filters: { colour: 'red' } }, ['filters.colour']],
    ['SQL as a filter column', { ...VALID, filters: { "1=1 OR ''": 1 } }, ["filters.1=1 OR ''"]],
    ['a filter value that no row has', { ...VALID, filters: { region: 'moon' } }, ['filters.region']],
    ['a path as a date', { ...VALID, startDate: '../../etc/passwd' }, ['startDate']],
    ['a path as an analysis', { ...VALID, analysisType: '../x' }, ['analysisType']],
    ['an unknown field', { ...VALID, sql: 'DROP TABLE x' }, ['sql']],
    ['nothing', {}, ['startDate', 'endDate', 'analysisType']],
    ['an array', [VALID], ['body']],
    ['null', 'null', ['body']],
    ['Kafka mode', { ...kafka, analysisType }, ['topic', 'startOffset', 'endOffset']],
    ['both modes', { ...VALID, topic: 'x' }, ['startDate', 'endDate', 'topic']],
  ])('%s', async (_what, payload, fields) => {
    const response = await submit(payload);
    expect(response.statusCode).toBe(400);
    const { error, details = [] } = response.json<ErrorBody>();
    expect(error).toBe('INVALID_REQUEST');
    expect(details.map((detail) => detail.path).filter((path) => path !== '')).toEqual(fields);
    await expectNothingCreated();
  });

  it('Kafka mode, saying that it is not available', async () => {
    const response = await submit({ ...kafka, analysisType });
    expect(response.json<ErrorBody>().message).toContain('Kafka mode is not available in this version');
  });

  it.each<[string, string, string, number, string]>([
    ['malformed JSON', '{"startDate":', 'application/json', 400, 'INVALID_REQUEST'],
    ['another content type', 'a=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['JSON sent as text', JSON.stringify(VALID), 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body of 1 MB', `"${'x'.repeat(1_000_000)}"`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ['no body', '', 'application/json', 400, 'INVALID_REQUEST'],
  ])('%s', async (_what, payload, contentType, status, code) => {
    const response = await submit(payload, contentType);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error: code, message: SOME_TEXT });
    await expectNothingCreated();
  });

  async function expectNothingCreated() {
    expect(await batches.list({ limit: 100 })).toMatchObject({ total: KNOWN.length });
    expect(gateway.queue.jobs).toEqual([]);
  }
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

describe('GET /batch/list', () => {
  beforeAll(start);
  afterAll(stop);

  const idsOf = (body: { batches: { batchId: string }[] }) => body.batches.map((batch) => batch.batchId);

  it('lists the newest first and counts all', async () => {
    const response = await gateway.app.inject('/batch/list?limit=2');
    expect(response.json()).toMatchObject({ total: 3 });
    expect(idsOf(response.json())).toEqual([PENDING, FAILED]);
  });

  it('filters by status', async () => {
    const response = await gateway.app.inject('/batch/list?status=COMPLETED');
    expect(idsOf(response.json())).toEqual([COMPLETED]);
  });

  it('takes a parameter without a value as absent', async () => {
    const response = await gateway.app.inject('/batch/list?status=&limit=20');
    expect(response.json()).toMatchObject({ total: 3 });
  });

  it.each([
    ['status=DONE', 'status'],
    ['limit=-1', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=0', 'limit'],
    ['page=2', 'page'],
  ])('refuses ?%s', async (query, field) => {
    const response = await gateway.app.inject(`/batch/list?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path: field }] });
  });
});
