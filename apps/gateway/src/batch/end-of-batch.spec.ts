import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import type { BatchOutcome } from '@millrace/domain';
import { aFailure, aRegisteredBatch, InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';
import { EndOfBatch } from './end-of-batch';
import { PreferredEnd } from './preferred-end';

const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const OUTCOME: BatchOutcome = {
  endTime: new Date('2025-01-15T12:00:00Z'),
  rowCount: 7n,
  maxEventTimestamp: null,
  deltaRawPath: '/raw',
  deltaAggPath: '/agg',
  rawVersion: 0n,
  aggVersion: 0n,
  expiresAt: new Date('2025-01-22T12:00:00Z'),
};

/** Counts how often it is looked at. */
class CountingRegistry extends InMemoryBatchRegistry {
  looks = 0;
  override find(...reference: Parameters<InMemoryBatchRegistry['find']>) {
    this.looks += 1;
    return super.find(...reference);
  }
}

let batches: CountingRegistry;
let gateway: TestGateway;
let waits: EndOfBatch;

beforeEach(async () => {
  batches = new CountingRegistry();
  gateway = await startTestGateway({ batches, streams: new InMemoryStreamRegistry() });
  waits = gateway.app.get(EndOfBatch);
});

afterEach(() => gateway.app.close());

const submit = (prefer: string) =>
  gateway.app.inject({ method: 'POST', url: '/batch/run', headers: { prefer }, payload: VALID });

const status = (batchId: string, prefer: string) =>
  gateway.app.inject({ url: `/batch/status/${batchId}`, headers: { prefer } });

async function untilWaiting(count: number): Promise<void> {
  while (waits.size !== count) await new Promise(setImmediate);
}

const run = async (batchId: string) => batches.claim({ batchId, attempt: 1 }, new Date());

describe('Prefer: wait on a submission', () => {
  it('answers 200 with the record as soon as the batch has completed', async () => {
    const answer = submit('wait=30');
    await untilWaiting(1);
    const batchId = gateway.queue.jobs[0]?.batchId ?? '';
    await run(batchId);
    await batches.complete({ batchId, attempt: 1 }, OUTCOME);
    const response = await answer;
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'preference-applied': 'wait=30',
      location: `/batch/status/${batchId}`,
    });
    expect(response.json()).toMatchObject({ batchId, status: 'COMPLETED', rowCount: 7 });
    expect(waits.size).toBe(0);
  });

  it('answers 200 with the record of one that failed: the submission did not', async () => {
    const answer = submit('wait=30');
    await untilWaiting(1);
    const batchId = gateway.queue.jobs[0]?.batchId ?? '';
    await batches.fail(
      { batchId, attempt: 1 },
      aFailure({ endTime: new Date(), errorMessage: 'no such table' }),
    );
    const response = await answer;
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status: 'FAILED', errorMessage: 'no such table' });
    expect(response.json()).not.toHaveProperty('error');
  });

  it('answers 202 when the batch has not ended in time', async () => {
    const response = await submit('wait=1');
    expect(response.statusCode).toBe(202);
    expect(response.headers['preference-applied']).toBe('wait=1');
    expect(response.json()).toMatchObject({ status: 'PENDING' });
    expect(waits.size).toBe(0);
  });

  it('waits at most a minute, and not at all for 0', async () => {
    const answer = submit('wait=3600');
    await untilWaiting(1);
    const batchId = gateway.queue.jobs[0]?.batchId ?? '';
    await batches.requestCancel(batchId, new Date());
    expect((await answer).headers['preference-applied']).toBe('wait=60');
    expect((await submit('wait=0')).statusCode).toBe(202);
    expect((await submit('wait=soon')).headers).not.toHaveProperty('preference-applied');
  });
});

describe('Prefer: wait on a status', () => {
  it('answers with the end, whoever waits for it, with one look at each change', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    const answers = Array.from({ length: 200 }, () => status(batchId, 'wait=30'));
    await untilWaiting(200);
    await new Promise(setImmediate);
    batches.looks = 0;
    await run(batchId);
    await batches.complete({ batchId, attempt: 1 }, OUTCOME);
    for (const response of await Promise.all(answers)) {
      expect(response.json()).toMatchObject({ status: 'COMPLETED' });
    }
    expect(batches.looks).toBeLessThan(10);
    expect(waits.size).toBe(0);
  });

  it('answers with the state of then when the time is over', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    const answer = status(batchId, 'wait=1');
    await untilWaiting(1);
    await run(batchId);
    const response = await answer;
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ 'preference-applied': 'wait=1', 'retry-after': '1' });
    expect(response.json()).toMatchObject({ status: 'RUNNING', queuePosition: null });
  });

  it('does not wait for a batch that has ended', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    await batches.requestCancel(batchId, new Date());
    expect((await status(batchId, 'wait=30')).json()).toMatchObject({ status: 'CANCELLED' });
  });

  it('goes on while the registry is away for a moment', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    const answer = status(batchId, 'wait=30');
    await untilWaiting(1);
    const find = batches.find.bind(batches);
    batches.find = () => Promise.reject(new Error('away'));
    await run(batchId);
    await new Promise(setImmediate);
    batches.find = find;
    await batches.complete({ batchId, attempt: 1 }, OUTCOME);
    expect((await answer).json()).toMatchObject({ status: 'COMPLETED' });
  });

  it('ends with the process', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    const answer = status(batchId, 'wait=60');
    await untilWaiting(1);
    await gateway.app.close();
    expect((await answer).json()).toMatchObject({ status: 'PENDING' });
  });

  it('does not begin once the process ends', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    const find = batches.find.bind(batches);
    let goOn: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      batches.find = async (reference) => {
        resolve();
        await new Promise<void>((release) => (goOn = release));
        return find(reference);
      };
    });
    const answer = status(batchId, 'wait=60');
    await asked;
    batches.find = find;
    await gateway.app.close();
    goOn();
    expect((await answer).json()).toMatchObject({ status: 'PENDING' });
  });

  it('is not applied while as many wait as may', async () => {
    await gateway.app.close();
    gateway = await startTestGateway(
      { batches, streams: new InMemoryStreamRegistry() },
      { GATEWAY_EVENT_CONNECTIONS: '1' },
    );
    waits = gateway.app.get(EndOfBatch);
    const { batchId } = await aRegisteredBatch(batches);
    const first = status(batchId, 'wait=60');
    await untilWaiting(1);
    const second = await status(batchId, 'wait=60');
    expect(second.headers).not.toHaveProperty('preference-applied');
    expect(second.json()).toMatchObject({ status: 'PENDING' });
    await batches.requestCancel(batchId, new Date());
    expect((await first).json()).toMatchObject({ status: 'CANCELLED' });
  });

  it('does not begin for a client that has gone already', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    const reply = { header: () => undefined, raw: new PassThrough().destroy() };
    const headers = { prefer: 'wait=60' };
    const ended = gateway.app
      .get(PreferredEnd)
      .of(batchId, { headers } as unknown as FastifyRequest, reply as unknown as FastifyReply);
    await expect(ended).resolves.toBeUndefined();
  });

  it('ends when the client goes', async () => {
    const { batchId } = await aRegisteredBatch(batches);
    await gateway.app.listen(0, '127.0.0.1');
    const { port } = gateway.app.getHttpServer().address() as AddressInfo;
    const client = request({
      host: '127.0.0.1',
      port,
      path: `/batch/status/${batchId}`,
      headers: { prefer: 'wait=60' },
    });
    client.on('error', () => undefined).end();
    await untilWaiting(1);
    client.destroy();
    await untilWaiting(0);
    expect(waits.size).toBe(0);
  });
});
