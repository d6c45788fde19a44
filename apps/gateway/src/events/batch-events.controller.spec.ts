import { aFailure, aBatch, aUuid } from '@millrace/testing';
import type { EventClient } from './event-client.fixture';
import { OUTCOME, progress, startEventGateway } from './event-gateway.fixture';
import type { EventGateway } from './event-gateway.fixture';

const SOME_TIME: unknown = expect.stringMatching(/^\d{4}-.*Z$/);
const SOME_TEXT: unknown = expect.any(String);

let at: EventGateway;

const start = async (...options: Parameters<typeof startEventGateway>) => {
  at = await startEventGateway(...options);
};

afterEach(() => at.close());

describe('GET /batch/:batchId/events', () => {
  it('tells what happened so far, then each change as it happens, then the end', async () => {
    await start();
    const record = await at.registered();
    const { batchId } = record;
    await at.batches.claim(record, new Date());
    const client = await at.open(`/batch/${batchId}/events`);
    expect(client.status).toBe(200);
    await client.until(() => client.events.length === 2);
    await at.batches.storeProgress(record, progress(20));
    await client.until(() => client.events.length === 3);
    await at.batches.complete(record, OUTCOME);
    await client.untilEnd();
    const state = { batchId, time: SOME_TIME, attempt: 1, errorMessage: null };
    expect(client.events).toEqual([
      { id: 1, event: 'status', data: { ...state, status: 'PENDING' } },
      { id: 2, event: 'status', data: { ...state, status: 'RUNNING' } },
      { id: 3, event: 'progress', data: { batchId, time: SOME_TIME, ...progress(20) } },
      { id: 4, event: 'status', data: { ...state, status: 'COMPLETED' } },
      { id: undefined, event: 'end', data: { batchId, status: 'COMPLETED' } },
    ]);
  });

  it('is neither kept nor collected nor compressed on its way', async () => {
    await start();
    const { batchId } = await at.registered();
    const { headers } = await at.open(`/batch/${batchId}/events`, { 'accept-encoding': 'gzip' });
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': SOME_TEXT,
    });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('content-length');
  });

  it('takes the UUID of a batch too', async () => {
    await start();
    const { uuid, batchId } = await at.registered();
    const client = await at.open(`/batch/${uuid}/events`);
    await client.until(() => client.events.length === 1);
    expect(client.events[0]?.data).toMatchObject({ batchId });
  });

  it.each([
    ['the header', '/events', { 'last-event-id': '3' }],
    ['the query', '/events?lastEventId=3', {}],
    ['the header before the query', '/events?lastEventId=1', { 'last-event-id': '3' }],
  ])('goes on after the event that %s names', async (_what, path, headers) => {
    await start();
    const record = await at.registered();
    await at.runToEnd(record);
    const client = await at.open(`/batch/${record.batchId}${path}`, headers);
    await client.untilEnd();
    expect(client.ids).toEqual([4, 5, undefined]);
  });

  it('has neither gap nor repetition when clients come while the batch goes on', async () => {
    await start();
    const record = await at.registered();
    await at.batches.claim(record, new Date());
    const opening: Promise<EventClient>[] = [];
    for (let percent = 1; percent <= 100; percent++) {
      if (percent % 5 === 0) opening.push(at.open(`/batch/${record.batchId}/events`));
      await at.batches.storeProgress(record, progress(percent));
      if (percent % 10 === 0) await new Promise(setImmediate);
    }
    const readers = await Promise.all(opening);
    await at.batches.complete(record, OUTCOME);
    const all = [...Array.from({ length: 103 }, (_, index) => index + 1), undefined];
    for (const client of readers) {
      await client.untilEnd();
      expect(client.ids).toEqual(all);
    }
  });

  it('reads long histories to their end', async () => {
    await start();
    const record = await at.registered();
    await at.batches.claim(record, new Date());
    for (let rows = 1; rows <= 500; rows++) await at.batches.storeProgress(record, { ...progress(50), rows });
    await at.batches.complete(record, OUTCOME);
    const client = await at.open(`/batch/${record.batchId}/events`);
    await client.untilEnd();
    expect(client.ids).toEqual([...Array.from({ length: 503 }, (_, index) => index + 1), undefined]);
  });

  it('answers 204 when an ended batch has nothing more to tell, so that browsers stay away', async () => {
    await start();
    const record = await at.registered();
    await at.runToEnd(record);
    for (const id of ['5', '6', '999999']) {
      const client = await at.open(`/batch/${record.batchId}/events`, { 'last-event-id': id });
      expect(client.status).toBe(204);
    }
  });

  it('gives everything that comes after to a client that is ahead of the registry', async () => {
    await start();
    const record = await at.registered();
    const client = await at.open(`/batch/${record.batchId}/events`, { 'last-event-id': '999' });
    await at.runToEnd(record);
    await client.untilEnd();
    expect(client.ids).toEqual([2, 3, 4, 5, undefined]);
  });

  it('goes on after a retry in a new connection, past the failure before it', async () => {
    await start();
    const record = await at.registered();
    await at.batches.fail(record, aFailure());
    const first = await at.open(`/batch/${record.batchId}/events`);
    await first.untilEnd();
    expect(first.events.at(-2)?.data).toMatchObject({ status: 'FAILED', errorMessage: 'Spark said no' });
    expect(first.events.at(-1)).toMatchObject({ event: 'end', data: { status: 'FAILED' } });
    await at.batches.retry(record.batchId);
    const second = await at.open(`/batch/${record.batchId}/events`, { 'last-event-id': '2' });
    await second.until(() => second.events.length === 1);
    expect(second.events[0]).toMatchObject({ id: 3, data: { status: 'PENDING', attempt: 2 } });
    const third = await at.open(`/batch/${record.batchId}/events`);
    await third.until(() => third.events.length === 3);
    const key = { batchId: record.batchId, attempt: 2 };
    await at.batches.requestCancel(record.batchId, new Date());
    await at.batches.cancel(key, new Date());
    await Promise.all([second.untilEnd(), third.untilEnd()]);
    for (const { events } of [second, third])
      expect(events.at(-1)?.data).toMatchObject({ status: 'CANCELLED' });
  });

  it.each(['-1', 'abc', '1.5', '1e3', '9'.repeat(16)])('refuses the event id %s', async (id) => {
    await start();
    const { batchId } = await at.registered();
    const byHeader = await at.open(`/batch/${batchId}/events`, { 'last-event-id': id });
    expect(byHeader.status).toBe(400);
    await byHeader.untilEnd();
    expect(JSON.parse(byHeader.body)).toMatchObject({
      error: 'INVALID_REQUEST',
      details: [{ path: 'Last-Event-ID' }],
    });
    const byQuery = await at.gateway.app.inject(`/batch/${batchId}/events?lastEventId=${id}`);
    expect(byQuery.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: 'lastEventId' }] });
  });

  it('answers 404 in the usual body for a batch that is not there', async () => {
    await start();
    const answer = await at.gateway.app.inject('/batch/batch-20250115-00000000/events');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ error: 'BATCH_NOT_FOUND', timestamp: SOME_TEXT });
    expect((await at.gateway.app.inject('/batch/..%2f../events')).statusCode).toBe(400);
  });

  it('answers HEAD with the headers alone', async () => {
    await start();
    const { batchId } = await at.registered();
    const answer = await at.gateway.app.inject({ method: 'HEAD', url: `/batch/${batchId}/events` });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.body).toBe('');
  });

  it('replays what a rebuilt registry knows of a batch, and says that it ended', async () => {
    const record = aBatch({ uuid: aUuid(4), status: 'UNKNOWN', lastEventId: 1 });
    await start([record]);
    const client = await at.open(`/batch/${record.batchId}/events`);
    await client.untilEnd();
    expect(client.events.map(({ event }) => event)).toEqual(['status', 'end']);
  });
});
