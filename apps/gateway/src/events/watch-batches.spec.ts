import { aFailure, aRegisteredBatch, aUuid } from '@millrace/testing';
import { BatchFeed } from './batch-feed';
import { OUTCOME, progress, startEventGateway } from './event-gateway.fixture';
import type { EventGateway } from './event-gateway.fixture';
import { EventStreams } from './event-streams';

let at: EventGateway;

beforeEach(async () => {
  at = await startEventGateway();
});

afterEach(() => at.close());

describe('GET /batch/events', () => {
  it('tells what happens to all batches from now on, in order, without ids', async () => {
    const early = await at.registered(1);
    const watchers = await Promise.all([at.open('/batch/events'), at.open('/batch/events')]);
    await at.batches.claim(early, new Date());
    const late = await aRegisteredBatch(at.batches, { uuid: aUuid(2), submitTime: new Date() });
    await at.batches.claim(late, new Date());
    await at.batches.storeProgress(late, progress(50));
    await at.batches.complete(late, OUTCOME);
    for (const watcher of watchers) {
      await watcher.until(() => watcher.events.length === 5);
      expect(watcher.ids).toEqual(Array(5).fill(undefined));
      const of = (batchId: string) =>
        watcher.events
          .filter(({ data }) => data['batchId'] === batchId)
          .map(({ event, data }) => data['status'] ?? event);
      expect(of(early.batchId)).toEqual(['RUNNING']);
      expect(of(late.batchId)).toEqual(['PENDING', 'RUNNING', 'progress', 'COMPLETED']);
      expect(watcher.hasEnded).toBe(false);
    }
  });

  it('tells them whatever the clock of the registry says', async () => {
    const events = at.batches.events.bind(at.batches);
    at.batches.events = async (...asked) =>
      (await events(...asked)).map((event) => ({ ...event, time: new Date('2025-01-01T00:00:00Z') }));
    const early = await at.registered(1);
    const watcher = await at.open('/batch/events');
    await at.batches.claim(early, new Date());
    await watcher.until(() => watcher.events.length === 1);
    expect(watcher.events).toMatchObject([{ data: { batchId: early.batchId, status: 'RUNNING' } }]);
  });

  it('is released when the last watcher goes', async () => {
    const watcher = await at.open('/batch/events');
    expect(at.gateway.app.get(BatchFeed).size).toBe(1);
    watcher.close();
    while (at.gateway.app.get(BatchFeed).size > 0) await new Promise(setImmediate);
  });

  it('lets a watcher go that does not read, and keeps the others', async () => {
    const [hanging, reader] = await Promise.all([at.open('/batch/events'), at.open('/batch/events')]);
    hanging.pause();
    const { batchId } = await at.registered();
    const errorMessage = 'x'.repeat(30_000);
    const streams = at.gateway.app.get(EventStreams);
    for (let attempt = 1; streams.size === 2; attempt++) {
      await at.batches.fail({ batchId, attempt }, aFailure({ endTime: new Date(), errorMessage }));
      await at.batches.retry(batchId);
      await new Promise(setImmediate);
      if (attempt > 5_000) throw new Error('It is kept for ever');
    }
    const seen = reader.events.length;
    await at.batches.requestCancel(batchId, new Date());
    await reader.until(() => reader.events.length > seen);
    expect(reader.hasEnded).toBe(false);
  });

  it('takes no parameters', async () => {
    const answer = await at.gateway.app.inject('/batch/events?lastEventId=1');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ details: [{ path: 'lastEventId' }] });
  });
});
