import type { ErrorBody } from '@millrace/domain';
import { sendJson, startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';

const RESOLVE = 'POST /internal/batch/resolve';
const DAYS = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const KAFKA = {
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: 'latest',
  analysisType: 'revenue_by_category',
};

let gateway: BatchGateway;

beforeEach(async () => {
  gateway = await startBatchGateway();
});

afterEach(() => gateway.close());

const submit = (payload: object) => gateway.app.inject({ method: 'POST', url: '/batch/run', payload });

async function accepted(payload: object) {
  const response = await submit(payload);
  expect(response.statusCode).toBe(202);
  return gateway.batches.find(response.json<{ batchId: string }>().batchId);
}

const nothingLeft = async () => {
  expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 0 });
  expect(gateway.queue.jobs).toEqual([]);
};

describe('a batch over a topic', () => {
  it('stores the offsets as asked for and as they are', async () => {
    const resolved = { start: { '0': 10, '1': 0 }, end: { '0': 20, '1': 5 } };
    gateway.orchestrator.on(RESOLVE, sendJson(200, resolved));
    expect(await accepted({ ...KAFKA, filters: { region: 'west' } })).toMatchObject({
      source: 'kafka',
      topic: 'transactions-batch',
      startOffset: 'earliest',
      endOffset: 'latest',
      sourceOffsets: resolved,
      startDate: null,
      endDate: null,
      filters: { region: 'west' },
    });
    expect(gateway.orchestrator.calls.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { source: 'kafka', topic: 'transactions-batch', startOffset: 'earliest', endOffset: 'latest' },
    ]);
  });

  it('passes maps on as maps, also those that came as text', async () => {
    gateway.orchestrator.on(RESOLVE, sendJson(200, { start: { '0': 1 }, end: { '0': 2 } }));
    const record = await accepted({
      ...KAFKA,
      startOffset: '{"0":1}',
      endOffset: { '0': 2 },
      source: 'kafka',
    });
    expect(record).toMatchObject({ startOffset: '{"0":1}', endOffset: '{"0":2}' });
    expect(JSON.parse(gateway.orchestrator.calls[0]?.body ?? '')).toMatchObject({
      startOffset: { '0': 1 },
      endOffset: { '0': 2 },
    });
  });

  it('may be over a topic of the streams too, and over no other', async () => {
    gateway.orchestrator.on(RESOLVE, sendJson(200, { start: {}, end: {} }));
    expect((await submit({ ...KAFKA, topic: 'transactions-stream' })).statusCode).toBe(202);
    const refused = await submit({ ...KAFKA, topic: 'other' });
    expect(refused.statusCode).toBe(400);
    const message = 'must be one of: transactions-batch, transactions-stream';
    expect(refused.json()).toMatchObject({ details: [{ path: 'topic', message }] });
  });

  it('is refused with what the orchestrator says of the offsets, and leaves nothing behind', async () => {
    const details = [{ path: 'startOffset', message: 'partition 0 has offsets 10 to 20, not 9' }];
    gateway.orchestrator.on(RESOLVE, sendJson(400, { error: 'INVALID_REQUEST', message: 'x', details }));
    const response = await submit({ ...KAFKA, startOffset: { '0': 9 } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: 'INVALID_REQUEST', details });
    await nothingLeft();
  });

  it.each<[string, () => unknown]>([
    ['the orchestrator', () => gateway.orchestrator.close()],
    [
      'Kafka',
      () => {
        gateway.orchestrator.on(
          RESOLVE,
          sendJson(503, { error: 'SERVICE_UNAVAILABLE', message: 'Kafka is away' }),
        );
      },
    ],
  ])('is answered 503 while %s is away', async (_part, takeAway) => {
    await takeAway();
    const response = await submit(KAFKA);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.json<ErrorBody>().message).toMatch(/ask again when it is back|Kafka is away/);
    await nothingLeft();
  });
});

describe('a batch over days', () => {
  it('needs nobody else', async () => {
    await gateway.orchestrator.close();
    expect(await accepted(DAYS)).toMatchObject({ source: 'delta', sourcePath: null, sourceVersion: null });
    expect(gateway.orchestrator.calls).toEqual([]);
  });

  it.each([
    [{ sourceVersion: 7 }, { source: 'delta', sourceVersion: 7 }],
    [
      { sourceTimestamp: '2025-01-15T10:00:00+02:00' },
      { source: 'delta', sourceTimestamp: '2025-01-15T10:00:00+02:00' },
    ],
    [{ source: 'seed' }, { source: 'seed' }],
  ])('has its version looked up for %j', async (change, asked) => {
    gateway.orchestrator.on(RESOLVE, sendJson(200, { sourcePath: '/data/t', sourceVersion: 7 }));
    expect(await accepted({ ...DAYS, ...change })).toMatchObject({
      source: asked.source,
      sourcePath: '/data/t',
      sourceVersion: 7n,
    });
    expect(gateway.orchestrator.calls.map(({ body }) => JSON.parse(body) as unknown)).toEqual([asked]);
  });
});

describe('what the operator must have allowed', () => {
  beforeEach(async () => {
    await gateway.close();
    gateway = await startBatchGateway([], {
      JDBC_URL: 'jdbc:postgresql://db/results',
      WEBHOOK_ALLOWED_ORIGINS: 'https://hooks.example, http://127.0.0.1:9000',
      KAFKA_BATCH_TOPICS: 'one,two',
    });
  });

  it('is accepted when it is', async () => {
    gateway.orchestrator.on(RESOLVE, sendJson(200, { start: {}, end: {} }));
    const allowed = { sinks: ['jdbc'], webhookUrl: 'https://hooks.example/a?b=c' };
    expect(await accepted({ ...DAYS, ...allowed })).toMatchObject(allowed);
    expect((await submit({ ...KAFKA, topic: 'two' })).statusCode).toBe(202);
    expect((await submit(KAFKA)).statusCode).toBe(400);
  });

  it.each([
    'https://hooks.example.evil/',
    'https://hooks.example:8443/',
    'http://hooks.example/',
    'https://user:pw@hooks.example/',
    'https://hooks.example@evil/',
    'http://localhost:9000/',
  ])('is not a webhook to %s', async (webhookUrl) => {
    const response = await submit({ ...DAYS, webhookUrl });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path: 'webhookUrl' }] });
    await nothingLeft();
  });
});
