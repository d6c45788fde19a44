import type { BatchRecord } from '@millrace/domain';
import { aBatch, aUuid } from '@millrace/testing';
import { startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';

const NOW = new Date('2025-01-15T12:00:00Z');

let gateway: BatchGateway;

async function startWith(...records: readonly BatchRecord[]) {
  gateway = await startBatchGateway(records);
}

afterEach(() => gateway.close());

const post = (url: string, payload?: object, headers: Record<string, string> = {}) =>
  gateway.app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });

describe('POST /batch/:id/cancel', () => {
  it('ends a batch that waits at once, and says the same when asked again', async () => {
    const { batchId, uuid } = aBatch();
    await startWith(aBatch());
    const response = await post(`/batch/${uuid}/cancel`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ batchId, status: 'CANCELLED' });
    const again = await post(`/batch/${batchId}/cancel`);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual(response.json());
  });

  it('asks for the end of one that runs, once', async () => {
    const { batchId } = aBatch();
    await startWith(aBatch({ status: 'RUNNING', startTime: NOW }));
    const response = await post(`/batch/${batchId}/cancel`);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      status: 'RUNNING',
      cancelRequested: expect.any(String) as string,
    });
    const again = await post(`/batch/${batchId}/cancel`);
    expect(again.statusCode).toBe(202);
    expect(again.json()).toEqual(response.json());
    expect(await gateway.batches.events(batchId, 0, 10)).toHaveLength(2);
  });

  it.each(['COMPLETED', 'FAILED', 'UNKNOWN'] as const)('is a conflict for one that is %s', async (status) => {
    await startWith(aBatch({ status }));
    const response = await post(`/batch/${aBatch().batchId}/cancel`);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ error: 'BATCH_ENDED', batchId: aBatch().batchId, status });
  });
});

describe('POST /batch/:id/retry', () => {
  it('puts a failed batch back on the queue', async () => {
    const { batchId } = aBatch();
    await startWith(aBatch({ status: 'FAILED', errorMessage: 'x' }));
    const response = await post(`/batch/${batchId}/retry`);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({ batchId, status: 'PENDING', attempt: 2 });
    expect(gateway.queue.jobs).toEqual([{ batchId, attempt: 2 }]);
    expect((await post(`/batch/${batchId}/retry`)).statusCode).toBe(409);
    expect(gateway.queue.jobs).toHaveLength(1);
  });

  it.each(['PENDING', 'RUNNING', 'COMPLETED', 'CANCELLED'] as const)(
    'refuses one that is %s',
    async (status) => {
      await startWith(aBatch({ status }));
      const response = await post(`/batch/${aBatch().batchId}/retry`);
      expect(response.statusCode).toBe(409);
      expect(response.json()).toMatchObject({ error: 'BATCH_ENDED', status });
      expect(gateway.queue.jobs).toEqual([]);
    },
  );

  it('asks to come back when too many wait already, and changes nothing', async () => {
    const failed = aBatch({ status: 'FAILED', errorMessage: 'x' });
    gateway = await startBatchGateway([failed, aBatch({ uuid: aUuid(1) })], { BATCH_MAX_PENDING: '1' });
    const response = await post(`/batch/${failed.batchId}/retry`);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('30');
    expect(response.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE' });
    expect(await gateway.batches.find(failed.batchId)).toEqual(failed);
    expect(gateway.queue.jobs).toEqual([]);
  });

  it('refuses one whose results are deleted', async () => {
    await startWith(aBatch({ status: 'FAILED', resultsDeleted: NOW, expiresAt: NOW }));
    const response = await post(`/batch/${aBatch().batchId}/retry`);
    expect(response.statusCode).toBe(410);
    expect(response.json()).toMatchObject({ error: 'BATCH_EXPIRED' });
  });
});

describe('what is done to a batch', () => {
  it.each([
    ['batch-20250115-00000000', 404, 'BATCH_NOT_FOUND'],
    [aUuid(9), 404, 'BATCH_NOT_FOUND'],
    ['..%2f..%2fetc', 400, 'INVALID_REQUEST'],
    ['%00', 400, 'INVALID_REQUEST'],
  ])('needs one that is there (%s)', async (reference, status, code) => {
    await startWith();
    for (const action of ['cancel', 'rerun', 'retry']) {
      const response = await post(`/batch/${reference}/${action}`);
      expect(response.statusCode).toBe(status);
      expect(response.json()).toMatchObject({ error: code });
    }
  });

  it('begins nothing once the shutdown has begun, but still cancels', async () => {
    await startWith(aBatch({ status: 'RUNNING' }));
    await gateway.service.drain.run('the spec says so');
    const path = `/batch/${aBatch().batchId}`;
    expect((await post(`${path}/rerun`)).statusCode).toBe(503);
    expect((await post(`${path}/retry`)).statusCode).toBe(503);
    expect((await post(`${path}/cancel`)).statusCode).toBe(202);
  });
});
