import { BatchFeed } from './batch-feed';
import { OUTCOME, progress, startEventGateway } from './event-gateway.fixture';
import type { EventGateway } from './event-gateway.fixture';
import { EventStreams } from './event-streams';

let at: EventGateway;

const start = async (...options: Parameters<typeof startEventGateway>) => {
  at = await startEventGateway(...options);
};

afterEach(() => at.close());

describe('many clients', () => {
  const followers = () => at.gateway.app.get(BatchFeed).size;
  const streams = () => at.gateway.app.get(EventStreams).size;

  /** The server learns of a closed socket a little later. */
  async function untilReleased(): Promise<void> {
    while (followers() > 0 || streams() > 0) await new Promise(setImmediate);
  }

  it('serves 300 on one batch with few reads of the registry, and releases all of them', async () => {
    await start();
    const record = await at.registered();
    await at.batches.claim(record, new Date());
    let reads = 0;
    const events = at.batches.events.bind(at.batches);
    at.batches.events = (...query) => {
      reads += 1;
      return events(...query);
    };
    const readers = await Promise.all(
      Array.from({ length: 300 }, () => at.open(`/batch/${record.batchId}/events`)),
    );
    await Promise.all(readers.map((client) => client.until(() => client.events.length === 2)));
    expect(followers()).toBe(300);
    const before = reads;
    await at.batches.storeProgress(record, progress(50));
    await Promise.all(readers.map((client) => client.until(() => client.events.length === 3)));
    // One read finds the event, and one that there is nothing after it.
    expect(reads - before).toBeLessThanOrEqual(10);
    for (const client of readers.slice(0, 150)) client.close();
    await at.batches.complete(record, OUTCOME);
    await Promise.all(readers.slice(150).map((client) => client.untilEnd()));
    for (const client of readers.slice(150)) expect(client.ids).toEqual([1, 2, 3, 4, undefined]);
    await untilReleased();
    expect([followers(), streams()]).toEqual([0, 0]);
  });

  it('releases a client that goes away', async () => {
    await start();
    const { batchId } = await at.registered();
    const client = await at.open(`/batch/${batchId}/events`);
    await client.until(() => client.events.length === 1);
    expect([followers(), streams()]).toEqual([1, 1]);
    client.close();
    await untilReleased();
  });

  it('has a most, above which it asks to come later', async () => {
    await start([], { GATEWAY_EVENT_CONNECTIONS: '2' });
    const { batchId } = await at.registered();
    const [first] = await Promise.all([
      at.open(`/batch/${batchId}/events`),
      at.open(`/batch/${batchId}/events`),
    ]);
    const refused = await at.gateway.app.inject(`/batch/${batchId}/events`);
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE', message: /2 event streams/ });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    first.close();
    while (streams() > 1) await new Promise(setImmediate);
    const next = await at.open(`/batch/${batchId}/events`);
    expect(next.status).toBe(200);
  });

  it('closes all of them when the service drains', async () => {
    await start();
    const { batchId } = await at.registered();
    const readers = await Promise.all([
      at.open(`/batch/${batchId}/events`),
      at.open(`/batch/${batchId}/events`),
    ]);
    await at.gateway.service.drain.request('the spec says so');
    await Promise.all(readers.map((client) => client.untilEnd()));
    expect(at.gateway.exitCodes).toEqual([0]);
    expect(readers.map(({ comments }) => comments.at(-1))).toEqual([
      'shutting down, connect again',
      'shutting down, connect again',
    ]);
    expect([followers(), streams()]).toEqual([0, 0]);
  });
});
