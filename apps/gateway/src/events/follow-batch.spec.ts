import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceUnavailable } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { aRegisteredBatch, InMemoryBatchRegistry } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { BatchFeed } from './batch-feed';
import { EventClient } from './event-client.fixture';
import { EventSink } from './event-sink';
import type { EventTiming } from './event-timing';
import { FollowBatch } from './follow-batch';

/** Nothing happens by time unless a spec says so. */
const NEVER_MS = 1_000_000;

let batches: InMemoryBatchRegistry;
let record: BatchRecord;
let feed: BatchFeed;
let subscriptions: number;
let server: Server;
let url: string;
let followed: Promise<void>[];

/** The registry tells of changes only where `tells` is true. */
async function open(timing: Partial<EventTiming>, tells = true): Promise<EventClient> {
  const times = { heartbeatMs: NEVER_MS, patienceMs: NEVER_MS, lookMs: NEVER_MS, ...timing };
  const changes = {
    onChange: (listener: (batchId: string) => void) => {
      subscriptions += 1;
      const end = tells ? batches.changes.onChange(listener) : () => undefined;
      return () => {
        subscriptions -= 1;
        end();
      };
    },
  };
  feed = new BatchFeed({ changes }, batches, times);
  feed.onApplicationBootstrap();
  const follow = new FollowBatch(feed, times);
  server.on('request', (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const sink = new EventSink(response, times.patienceMs);
    const afterId = Number(request.url?.slice(1));
    followed.push(follow.execute(record, afterId, sink).finally(() => sink.end(1_000)));
  });
  return EventClient.open(`${url}/0`);
}

beforeEach(async () => {
  subscriptions = 0;
  followed = [];
  batches = new InMemoryBatchRegistry();
  record = await aRegisteredBatch(batches);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterEach(async () => {
  feed.onModuleDestroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await Promise.all(followed);
  expect(feed.size).toBe(0);
  expect(subscriptions).toBe(0);
});

// What the feed says of a registry that is away is not looked at here.
Logger.overrideLogger(false);

describe('following a batch', () => {
  it('says again and again that it is still there while nothing happens', async () => {
    const client = await open({ heartbeatMs: 20 });
    await client.until(() => client.comments.length === 3);
    expect(client.comments).toEqual(['still here', 'still here', 'still here']);
    expect(client.ids).toEqual([1]);
  });

  it('finds by itself what no notification told', async () => {
    const client = await open({ lookMs: 20 }, false);
    await client.until(() => client.events.length === 1);
    await batches.claim(record, new Date());
    await client.until(() => client.events.length === 2);
    expect(client.ids).toEqual([1, 2]);
  });

  it('still says that it is there when it only looks and finds nothing', async () => {
    const client = await open({ lookMs: 5, heartbeatMs: 30 });
    await client.until(() => client.comments.length === 2);
    expect(client.ids).toEqual([1]);
  });

  it('outlives a registry that is away, and has no gap after it', async () => {
    const client = await open({ lookMs: 20 });
    await client.until(() => client.events.length === 1);
    const events = batches.events.bind(batches);
    let failures = 0;
    batches.events = () => {
      failures += 1;
      return Promise.reject(new ServiceUnavailable('The registry (Postgres) cannot be reached'));
    };
    await batches.claim(record, new Date());
    await batches.storeProgress(record, { stage: 'raw', percent: 10, rows: 5 });
    while (failures < 3) await new Promise(setImmediate);
    batches.events = events;
    await client.until(() => client.events.length === 3);
    expect(client.ids).toEqual([1, 2, 3]);
  });

  it('does not take the answer of a read that began before a change for the news', async () => {
    const idle = await open({});
    await idle.until(() => idle.events.length === 1);
    const events = batches.events.bind(batches);
    let answerOld: () => void = () => undefined;
    let reads = 0;
    batches.events = async (...query) => {
      reads += 1;
      const isFirst = reads === 1;
      const found = await events(...query);
      if (isFirst) await new Promise<void>((resolve) => (answerOld = resolve));
      return found;
    };
    // Another client that stands at the same event: its read hangs with what it saw before the change.
    const other = await EventClient.open(`${url}/1`);
    while (reads === 0) await new Promise(setImmediate);
    await batches.claim(record, new Date());
    await idle.until(() => idle.events.length === 2);
    answerOld();
    await other.until(() => other.events.length === 1);
    expect(idle.ids).toEqual([1, 2]);
    expect(other.ids).toEqual([2]);
  });
});
