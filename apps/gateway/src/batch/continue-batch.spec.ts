import type { BatchRecord } from '@millrace/domain';
import { aBatch, aUuid } from '@millrace/testing';
import { sendJson, startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';

const RESOLVE = 'POST /internal/batch/resolve';
const NEXT = { source: 'delta', next: 'auto', analysisType: 'revenue_by_category' };
const NEXT_OFFSETS = { topic: 'transactions-batch', next: 'auto', analysisType: 'revenue_by_category' };
const today = () => new Date().toISOString().slice(0, 10);

let gateway: BatchGateway;

async function startWith(records: readonly BatchRecord[]) {
  gateway = await startBatchGateway(records);
}

afterEach(() => gateway.close());

const submit = (payload: object) => gateway.app.inject({ method: 'POST', url: '/batch/run', payload });

async function accepted(payload: object) {
  const response = await submit(payload);
  expect(response.json()).toMatchObject({ status: 'PENDING' });
  return gateway.batches.find(response.json<{ batchId: string }>().batchId);
}

const ended = (overrides: Partial<BatchRecord> = {}) => aBatch({ status: 'COMPLETED', ...overrides });

describe('next: auto over days', () => {
  it('begins after the latest event of the last completed batch, and goes up to today', async () => {
    const older = ended({
      uuid: aUuid(1),
      submitTime: new Date('2025-01-01'),
      maxEventTimestamp: '2025-01-01T00:00:00Z',
    });
    const last = ended({
      uuid: aUuid(2),
      submitTime: new Date('2025-01-02'),
      maxEventTimestamp: '2025-01-15T14:32:07.123456Z',
    });
    const failed = aBatch({ uuid: aUuid(3), submitTime: new Date('2025-01-03'), status: 'FAILED' });
    await startWith([older, last, failed]);
    expect(await accepted(NEXT)).toMatchObject({
      afterEventTimestamp: '2025-01-15T14:32:07.123456Z',
      startDate: '2025-01-15',
      endDate: today(),
    });
  });

  it('goes on from where an empty batch began', async () => {
    await startWith([ended({ maxEventTimestamp: null, afterEventTimestamp: '2025-01-10T01:02:03.000004Z' })]);
    expect(await accepted({ ...NEXT, endDate: '2025-01-20' })).toMatchObject({
      afterEventTimestamp: '2025-01-10T01:02:03.000004Z',
      startDate: '2025-01-10',
      endDate: '2025-01-20',
    });
  });

  it('begins a first batch at the start that the request names, and asks for one', async () => {
    await startWith([ended({ analysisType: 'fraud_analysis', maxEventTimestamp: '2025-01-15T00:00:00Z' })]);
    const refused = await submit(NEXT);
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ details: [{ path: 'startDate' }] });
    expect(await accepted({ ...NEXT, startDate: '2025-01-01' })).toMatchObject({
      startDate: '2025-01-01',
      endDate: today(),
      afterEventTimestamp: null,
    });
  });

  it('is of the same filters only', async () => {
    await startWith([ended({ filters: { region: 'west' }, maxEventTimestamp: '2025-01-15T00:00:00Z' })]);
    expect((await submit(NEXT)).statusCode).toBe(400);
    expect(await accepted({ ...NEXT, filters: { region: 'west' } })).toMatchObject({
      startDate: '2025-01-15',
    });
  });

  it('refuses an end before that', async () => {
    await startWith([ended({ maxEventTimestamp: '2025-01-15T00:00:00Z' })]);
    const response = await submit({ ...NEXT, endDate: '2025-01-14' });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path: 'endDate' }] });
  });

  it.each(['PENDING', 'RUNNING'] as const)('is a conflict while one is %s', async (status) => {
    const inFlight = aBatch({ status });
    await startWith([inFlight]);
    const response = await submit(NEXT);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      error: 'CONFLICT',
      message: expect.stringContaining(inFlight.batchId) as string,
    });
  });

  it('is won by one of many at once', async () => {
    await startWith([ended({ maxEventTimestamp: '2025-01-15T00:00:00Z' })]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(NEXT)));
    expect(answers.filter(({ statusCode }) => statusCode === 202)).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(19);
  });
});

describe('next: auto over a topic', () => {
  const last = ended({
    source: 'kafka',
    topic: 'transactions-batch',
    startOffset: 'earliest',
    endOffset: 'latest',
    sourceOffsets: { start: { '0': 0, '1': 0 }, end: { '0': 10, '1': 20 } },
    startDate: null,
    endDate: null,
  });

  it('begins at the offsets where the last one ended, and at the start of new partitions', async () => {
    await startWith([last]);
    const there = { start: { '0': 5, '1': 0, '2': 3 }, end: { '0': 15, '1': 20, '2': 9 } };
    gateway.orchestrator.on(RESOLVE, sendJson(200, there));
    expect(await accepted(NEXT_OFFSETS)).toMatchObject({
      startOffset: '{"0":10,"1":20,"2":3}',
      endOffset: 'latest',
      sourceOffsets: { start: { '0': 10, '1': 20, '2': 3 }, end: there.end },
    });
  });

  it('begins a first one at the start of the topic, or at the offsets of the request', async () => {
    await startWith([]);
    gateway.orchestrator.on(RESOLVE, sendJson(200, { start: { '0': 4 }, end: { '0': 9 } }));
    expect(await accepted({ ...NEXT_OFFSETS, startOffset: { '0': 4 } })).toMatchObject({
      startOffset: '{"0":4}',
    });
    expect(await accepted({ ...NEXT_OFFSETS, analysisType: 'fraud_analysis' })).toMatchObject({
      startOffset: 'earliest',
      sourceOffsets: { start: { '0': 4 }, end: { '0': 9 } },
    });
  });

  it.each([
    ['startOffset', { start: { '0': 11, '1': 0 }, end: { '0': 15, '1': 20 } }],
    ['startOffset', { start: { '0': 0, '1': 0 }, end: { '0': 9, '1': 20 } }],
  ])('refuses to pass over events or to go back, and says what to do (%s)', async (path, there) => {
    await startWith([last]);
    gateway.orchestrator.on(RESOLVE, sendJson(200, there));
    const response = await submit(NEXT_OFFSETS);
    expect(response.statusCode).toBe(400);
    const message = expect.stringContaining('give startOffset and endOffset without next') as string;
    expect(response.json()).toMatchObject({ details: [{ path, message }] });
  });

  it('refuses an end before the start that it finds', async () => {
    await startWith([last]);
    const there = { start: { '0': 0, '1': 0 }, end: { '0': 9, '1': 20 } };
    gateway.orchestrator.on(RESOLVE, sendJson(200, there));
    const response = await submit({ ...NEXT_OFFSETS, endOffset: there.end });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path: 'endOffset' }] });
  });
});
