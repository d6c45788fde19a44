import { sendJson, startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';

const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const KAFKA = {
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: 'latest',
  analysisType: 'hourly_trends',
};

let gateway: BatchGateway;

beforeEach(async () => {
  gateway = await startBatchGateway();
});

afterEach(() => gateway.close());

const submit = (payload: object, key: string, client = 'one') =>
  gateway.app.inject({
    method: 'POST',
    url: '/batch/run',
    headers: { 'idempotency-key': key, 'x-client-id': client },
    payload,
  });

describe('Idempotency-Key', () => {
  it('gives the first answer again, byte for byte, whatever has become of the batch', async () => {
    const first = await submit(VALID, 'key-1');
    const { batchId } = first.json<{ batchId: string }>();
    await gateway.batches.claim({ batchId, attempt: 1 }, new Date());
    const again = await submit({ ...VALID, filters: {}, source: 'delta' }, 'key-1');
    expect(again.statusCode).toBe(202);
    expect(again.body).toBe(first.body);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: first.headers['location'],
    });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
    expect(gateway.queue.jobs).toHaveLength(1);
  });

  it('refuses another request under the same key, naming the batch that has it', async () => {
    const { batchId } = (await submit(VALID, 'key-1')).json<{ batchId: string }>();
    const other = await submit({ ...VALID, endDate: '2025-01-16' }, 'key-1');
    expect(other.statusCode).toBe(422);
    expect(other.json()).toMatchObject({ error: 'IDEMPOTENCY_KEY_REUSED', batchId });
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
  });

  it('belongs to one client', async () => {
    const one = await submit(VALID, 'key-1', 'one');
    const two = await submit(VALID, 'key-1', 'two');
    expect(two.headers).not.toHaveProperty('idempotency-replayed');
    expect(two.json<{ batchId: string }>().batchId).not.toBe(one.json<{ batchId: string }>().batchId);
  });

  it('works again while what the first time needed is away', async () => {
    const resolved = { start: { '0': 0 }, end: { '0': 5 } };
    gateway.orchestrator.on('POST /internal/batch/resolve', sendJson(200, resolved));
    const first = await submit(KAFKA, 'key-1');
    await gateway.orchestrator.close();
    const again = await submit(KAFKA, 'key-1');
    expect(again.statusCode).toBe(202);
    expect(again.body).toBe(first.body);
    expect((await submit(KAFKA, 'key-2')).statusCode).toBe(503);
  });

  it('makes one batch of 1,000 equal submissions at once', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => submit(VALID, 'key-1')));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
    expect(gateway.queue.jobs).toHaveLength(1);
  });

  it('makes one batch of 20 equal submissions of the next one at once', async () => {
    let asked = 0;
    gateway.orchestrator.on('POST /internal/batch/resolve', (...exchange) => {
      asked += 1;
      sendJson(200, { start: { '0': 0 }, end: { '0': 5 } })(...exchange);
    });
    const next = { topic: KAFKA.topic, analysisType: KAFKA.analysisType, next: 'auto' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(next, 'key-1')));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
    expect(asked).toBe(1);
  });

  it('takes every printable ASCII character, up to 255', async () => {
    const key = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
      .join('')
      .trim();
    expect((await submit(VALID, key)).statusCode).toBe(202);
    expect((await submit(VALID, key)).headers['idempotency-replayed']).toBe('true');
    expect((await submit(VALID, 'x'.repeat(255))).statusCode).toBe(202);
  });
});
