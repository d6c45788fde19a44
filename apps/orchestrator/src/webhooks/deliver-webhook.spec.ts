import { createHmac } from 'node:crypto';
import { aRegisteredBatch } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { DeliveryBench, END, KEY, NEVER, NOW } from './deliver-webhook.fixture';

let bench: DeliveryBench;

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(async () => {
  bench = await DeliveryBench.start();
});

afterEach(() => bench.close());

describe('the delivery of a webhook', () => {
  it('posts the record with headers of the specification, and is done when the receiver takes it', async () => {
    const { batchId } = await bench.failedBatch();
    const delivery = await bench.due();
    await bench.deliver().execute(delivery, NEVER);
    expect(await bench.stateOf(delivery)).toBe('DELIVERED');
    const [post] = bench.receiver.posts;
    expect(post?.path).toBe('/hook?token=t');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      type: 'batch.failed',
      timestamp: expect.stringMatching(/Z$/) as unknown,
      data: {
        batchId,
        status: 'FAILED',
        attempt: 1,
        errorMessage: 'Spark said no',
        endTime: END.toISOString(),
      },
    });
    const seconds = Math.floor(NOW.getTime() / 1_000);
    const signed = `${delivery.deliveryId}.${seconds}.${post?.body ?? ''}`;
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'webhook-id': delivery.deliveryId,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`,
    });
  });

  it.each([
    ['batch.completed', 'COMPLETED'],
    ['batch.cancelled', 'CANCELLED'],
  ])('tells %s', async (type, status) => {
    const record = await aRegisteredBatch(bench.batches, { webhookUrl: `${bench.receiver.origin}/hook` });
    if (status === 'CANCELLED') await bench.batches.requestCancel(record.batchId, END);
    else {
      await bench.batches.claim(record, END);
      await bench.batches.complete(record, {
        endTime: END,
        rowCount: 7n,
        maxEventTimestamp: null,
        deltaRawPath: '/raw',
        deltaAggPath: '/aggregated',
        rawVersion: 0n,
        aggVersion: 0n,
        expiresAt: END,
      });
    }
    expect(await bench.attempt()).toBe('DELIVERED');
    expect(JSON.parse(bench.receiver.posts[0]?.body ?? '')).toMatchObject({ type, data: { status } });
  });

  it('tells the state of its event when the batch was retried meanwhile', async () => {
    const { batchId } = await bench.failedBatch();
    await bench.batches.retry(batchId);
    expect(await bench.attempt()).toBe('DELIVERED');
    expect(JSON.parse(bench.receiver.posts[0]?.body ?? '')).toMatchObject({
      type: 'batch.failed',
      data: { status: 'FAILED', attempt: 1, errorMessage: 'Spark said no' },
    });
  });

  it('goes nowhere that is not allowed any more', async () => {
    await bench.failedBatch();
    const lastError = 'Its origin is not on the list WEBHOOK_ALLOWED_ORIGINS';
    const state = await bench.attempt(bench.deliver({ allowedOrigins: ['http://127.0.0.1:1'] }));
    expect(state).toMatchObject({ status: 'DEAD', lastError });
    expect(bench.receiver.posts).toEqual([]);
  });

  it('is a dead letter that says so where there is no secret any more', async () => {
    await bench.failedBatch();
    const state = await bench.attempt(bench.deliver({ key: undefined, allowedOrigins: [] }));
    expect(state).toMatchObject({
      status: 'DEAD',
      lastError: 'It cannot be signed: MILLRACE_WEBHOOK_SECRET is not set any more',
    });
    expect(bench.receiver.posts).toEqual([]);
  });

  it.each(['http://127.0.0.1:1@evil.example/', 'ftp://127.0.0.1:1/', 'file:///etc/passwd', 'nonsense'])(
    'is not fooled by %s',
    async (url) => {
      await bench.failedBatch();
      const delivery = { ...(await bench.due()), url };
      const allowedOrigins = ['http://127.0.0.1:1', 'null'];
      await bench.deliver({ allowedOrigins }).execute(delivery, NEVER);
      expect(await bench.stateOf(delivery)).toMatchObject({ status: 'DEAD' });
    },
  );

  it('is a dead letter when the registry has lost the batch', async () => {
    await bench.failedBatch();
    const delivery = await bench.due();
    bench.batches.find = () => Promise.resolve(undefined);
    await bench.deliver().execute(delivery, NEVER);
    expect(await bench.stateOf(delivery)).toMatchObject({ status: 'DEAD' });
  });

  it('leaves everything as it was when the process ends during the attempt', async () => {
    await bench.failedBatch();
    bench.receiver.answer = () => undefined;
    const stopping = new AbortController();
    const delivery = await bench.due();
    const attempted = bench.deliver().execute(delivery, stopping.signal);
    await bench.receiver.received(1);
    stopping.abort();
    await attempted;
    expect(await bench.stateOf(delivery)).toMatchObject({ status: 'PENDING', attempts: 0, lastError: null });
  });
});

describe('the log of webhooks', () => {
  it('shows neither user nor query of a URL', async () => {
    const lines: unknown[] = [];
    const keep = (...line: unknown[]) => lines.push(line);
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
    await bench.failedBatch('/hook?token=hunter2');
    const delivery = await bench.due();
    bench.receiver.answer = (response) => response.writeHead(500).end();
    const url = delivery.url.replace('http://', 'http://user:hunter3@');
    await bench.deliver().execute({ ...delivery, url }, NEVER);
    Logger.overrideLogger(false);
    expect(JSON.stringify(lines)).toContain(`${bench.receiver.origin}/hook`);
    expect(JSON.stringify(lines)).not.toMatch(/hunter/);
  });
});
