import { EventEmitter, once } from 'node:events';
import { Logger } from '@nestjs/common';
import { DeliveryBench, LEASE, NEVER, NOW } from './deliver-webhook.fixture';
import type { DeliveryState } from './deliver-webhook.fixture';
import { Receiver } from './receiver.fixture';

let bench: DeliveryBench;

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(async () => {
  bench = await DeliveryBench.start();
});

afterEach(() => bench.close());

describe('the answer to a webhook', () => {
  it('decides that the message is sent again with the same id while the receiver fails', async () => {
    await bench.failedBatch();
    let times = 0;
    bench.receiver.answer = (response) => response.writeHead(++times <= 2 ? 500 : 200).end();
    let state: DeliveryState = await bench.due();
    for (const attempts of [1, 2]) {
      await bench.deliver().execute(state, NEVER);
      state = await bench.stateOf(state);
      if (state === 'DELIVERED') throw new Error('Delivered too soon');
      expect(state).toMatchObject({ status: 'PENDING', attempts, lastError: 'It answered 500' });
    }
    await bench.deliver().execute(state, NEVER);
    expect(await bench.stateOf(state)).toBe('DELIVERED');
    expect(new Set(bench.receiver.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(bench.receiver.posts).toHaveLength(3);
  });

  it('makes it due again after a back-off', async () => {
    await bench.failedBatch();
    bench.receiver.answer = (response) => response.writeHead(503).end();
    const delivery = await bench.due();
    await bench.deliver().execute(delivery, NEVER);
    const dueIn = (ms: number) => bench.batches.webhooks.take(new Date(NOW.getTime() + ms), LEASE, 10);
    expect(await dueIn(3_999)).toEqual([]);
    expect(await dueIn(6_001)).toHaveLength(1);
  });

  it('makes it a dead letter after the last attempt', async () => {
    await bench.failedBatch();
    bench.receiver.answer = (response) => response.writeHead(500).end();
    const last = { ...(await bench.due()), attempts: 6 };
    await bench.deliver().execute(last, NEVER);
    expect(await bench.stateOf(last)).toMatchObject({ status: 'DEAD', lastError: 'It answered 500' });
  });

  it.each([301, 302, 307, 308])('is not followed when it redirects (%d)', async (status) => {
    const elsewhere = await Receiver.start();
    await bench.failedBatch();
    bench.receiver.answer = (response) =>
      response.writeHead(status, { location: `${elsewhere.origin}/` }).end();
    expect(await bench.attempt()).toMatchObject({
      status: 'PENDING',
      lastError: `It answered ${status}, and redirects are not followed: the URL must be the final one`,
    });
    expect(elsewhere.posts).toEqual([]);
    await elsewhere.close();
  });

  it('ends the matter when it says that nobody is there any more', async () => {
    await bench.failedBatch();
    bench.receiver.answer = (response) => response.writeHead(410).end();
    expect(await bench.attempt()).toMatchObject({ status: 'DEAD', attempts: 1 });
  });

  it('is waited for only so long', async () => {
    await bench.failedBatch();
    bench.receiver.answer = () => undefined;
    const lastError = 'It gave no answer within 0.1 s';
    expect(await bench.attempt(bench.deliver({ timeoutMs: 100 }))).toMatchObject({
      status: 'PENDING',
      lastError,
    });
  });

  it('counts by its status when its body never ends, of which little is read', async () => {
    await bench.failedBatch();
    let written = 0;
    const closed = new EventEmitter();
    bench.receiver.answer = (response) => {
      response.on('close', () => closed.emit('close'));
      const more = () => {
        written += 16_384;
        if (!response.destroyed) response.write(Buffer.alloc(16_384), () => setImmediate(more));
      };
      response.writeHead(200);
      more();
    };
    const [state] = await Promise.all([bench.attempt(), once(closed, 'close')]);
    expect(state).toBe('DELIVERED');
    // What the sockets hold comes on top of the 64 kB.
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('counts by its status when its body is too slow', async () => {
    await bench.failedBatch();
    bench.receiver.answer = (response) => response.writeHead(200).write('slow');
    expect(await bench.attempt(bench.deliver({ timeoutMs: 200 }))).toBe('DELIVERED');
  });

  it('is missing with a reason when nobody can be reached', async () => {
    await bench.failedBatch();
    const deliverer = bench.deliver();
    await bench.receiver.close();
    expect(await bench.attempt(deliverer)).toMatchObject({
      lastError: 'It cannot be reached (ECONNREFUSED)',
    });
    bench.receiver = await Receiver.start();
  });

  it('is told apart when it is no HTTP', async () => {
    await bench.failedBatch();
    bench.receiver.answer = (response) => response.socket?.end('what?\r\n\r\n');
    expect(await bench.attempt()).toMatchObject({
      status: 'PENDING',
      lastError: expect.stringMatching(/^It cannot be reached \(HPE_/) as unknown,
    });
  });
});
