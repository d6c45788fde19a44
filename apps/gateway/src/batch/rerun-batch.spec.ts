import type { BatchRecord } from '@millrace/domain';
import { aBatch } from '@millrace/testing';
import { sendJson, startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';

const RESOLVE = 'POST /internal/batch/resolve';

let gateway: BatchGateway;

async function startWith(...records: readonly BatchRecord[]) {
  gateway = await startBatchGateway(records);
}

afterEach(() => gateway.close());

const post = (url: string, payload?: object, headers: Record<string, string> = {}) =>
  gateway.app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });

describe('POST /batch/:id/rerun', () => {
  const original = aBatch({
    status: 'COMPLETED',
    sourcePath: '/data/t',
    sourceVersion: 7n,
    afterEventTimestamp: '2025-01-10T00:00:00.000001Z',
    filters: { region: 'west' },
    labels: { team: 'pricing' },
    timeoutSeconds: 60,
  });
  const path = `/batch/${original.batchId}/rerun`;
  const same = {
    rerunOf: original.batchId,
    startDate: original.startDate,
    afterEventTimestamp: original.afterEventTimestamp,
    filters: original.filters,
    labels: original.labels,
    timeoutSeconds: 60,
  };

  async function rerun(url: string, payload?: object) {
    const response = await post(url, payload);
    expect(response.statusCode).toBe(202);
    const { batchId } = response.json<{ batchId: string }>();
    expect(response.headers['location']).toBe(`/batch/status/${batchId}`);
    expect(gateway.queue.jobs).toContainEqual({ batchId, attempt: 1 });
    return gateway.batches.find(batchId);
  }

  it('reads what is there now, unless told', async () => {
    await startWith(original);
    for (const body of [undefined, {}, { at: 'latest' }]) {
      expect(await rerun(path, body)).toMatchObject({ ...same, sourcePath: null, sourceVersion: null });
    }
  });

  it('reads exactly what the batch read', async () => {
    await startWith(original);
    gateway.orchestrator.on(RESOLVE, sendJson(200, { sourcePath: '/data/t', sourceVersion: 7 }));
    const again = await rerun(path, { at: 'original' });
    expect(again).toMatchObject({ ...same, sourcePath: '/data/t', sourceVersion: 7n });
    expect(JSON.parse(gateway.orchestrator.calls[0]?.body ?? '')).toEqual({
      source: 'delta',
      sourceVersion: 7,
    });
  });

  it('is a conflict where the batch never began to read', async () => {
    await startWith(aBatch({ status: 'CANCELLED' }));
    const response = await post(path, { at: 'original' });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ error: 'CONFLICT' });
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
  });

  it.each(['latest', 'original'])(
    'is a conflict at %s where nothing tells what was asked for',
    async (at) => {
      await startWith(aBatch({ status: 'UNKNOWN', startDate: null, endDate: null }));
      const response = await post(path, { at });
      expect(response.statusCode).toBe(409);
      expect(response.json<{ message: string }>().message).toContain('is not known');
      expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
    },
  );

  it('reads the same offsets, or has them looked up anew', async () => {
    const sourceOffsets = { start: { '0': 3 }, end: { '0': 9 } };
    const kafka = {
      topic: 'transactions-batch',
      startOffset: 'earliest',
      endOffset: '{"0":9}',
      sourceOffsets,
    };
    await startWith(aBatch({ ...kafka, source: 'kafka', startDate: null, endDate: null }));
    const grown = { start: { '0': 2, '1': 0 }, end: { '0': 12, '1': 4 } };
    gateway.orchestrator.on(RESOLVE, sendJson(200, grown));
    expect(await rerun(path, { at: 'original' })).toMatchObject(kafka);
    gateway.orchestrator.on(RESOLVE, sendJson(200, { start: { '0': 5 }, end: { '0': 9 } }));
    expect(await rerun(path)).toMatchObject({
      ...kafka,
      sourceOffsets: { start: { '0': 5 }, end: { '0': 9 } },
    });
    expect(JSON.parse(gateway.orchestrator.calls[1]?.body ?? '')).toEqual({
      source: 'kafka',
      topic: 'transactions-batch',
      startOffset: 'earliest',
      endOffset: { '0': 9 },
    });
  });

  const kafkaBatch = aBatch({
    source: 'kafka',
    topic: 'transactions-batch',
    startOffset: 'earliest',
    endOffset: 'latest',
    sourceOffsets: { start: { '0': 3 }, end: { '0': 9 } },
  });
  const refused = (path: string) =>
    sendJson(400, { error: 'INVALID_REQUEST', message: 'x', details: [{ path, message: 'is gone' }] });

  it.each([
    ['a version', original, refused('sourceVersion')],
    ['a table', original, sendJson(200, { sourcePath: '/elsewhere', sourceVersion: 7 })],
    ['a topic', kafkaBatch, refused('topic')],
    ['a start', kafkaBatch, sendJson(200, { start: { '0': 4 }, end: { '0': 12 } })],
    ['an end', kafkaBatch, sendJson(200, { start: { '0': 0 }, end: { '0': 8 } })],
    ['a partition', kafkaBatch, sendJson(200, { start: { '1': 0 }, end: { '1': 9 } })],
  ])('is a conflict where %s that the batch read is gone', async (_what, batch, answer) => {
    await startWith(batch);
    gateway.orchestrator.on(RESOLVE, answer);
    const response = await post(path, { at: 'original' });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      error: 'CONFLICT',
      message: expect.stringContaining('rerun it at latest') as string,
    });
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
  });

  it('of an original waits for who knows whether it is still there', async () => {
    await startWith(original);
    await gateway.orchestrator.close();
    expect((await post(path, { at: 'original' })).statusCode).toBe(503);
    expect(await gateway.batches.list({ limit: 1 })).toMatchObject({ total: 1 });
  });

  it('has the version of the seeded table looked up', async () => {
    await startWith(aBatch({ source: 'seed', status: 'FAILED' }));
    gateway.orchestrator.on(RESOLVE, sendJson(200, { sourcePath: '/data/seed', sourceVersion: 1 }));
    expect(await rerun(path)).toMatchObject({ source: 'seed', sourcePath: '/data/seed', sourceVersion: 1n });
  });

  it('takes an idempotency key, and tells of a twin', async () => {
    await startWith(original);
    const headers = { 'idempotency-key': 'again' };
    const first = await post(path, undefined, headers);
    const replayed = await post(path, undefined, headers);
    expect(replayed.body).toBe(first.body);
    expect(replayed.headers['idempotency-replayed']).toBe('true');
    expect((await post(path, { at: 'original' }, headers)).statusCode).toBe(422);
    const { batchId } = first.json<{ batchId: string }>();
    expect((await post(path)).json()).toMatchObject({ twin: { batchId } });
  });

  it.each([
    [{ at: 'yesterday' }, 'at'],
    [{ at: null }, 'at'],
    [{ when: 'latest' }, 'when'],
  ])('refuses %j', async (body, field) => {
    await startWith(original);
    const response = await post(path, body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path: field }] });
  });
});
