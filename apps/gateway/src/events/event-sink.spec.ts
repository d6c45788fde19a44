import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventClient } from './event-client.fixture';
import { EventSink } from './event-sink';

let server: Server;
let url: string;
let responses: ServerResponse[];

beforeEach(async () => {
  responses = [];
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    responses.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function connect(
  patienceMs: number,
): Promise<{ sink: EventSink; client: EventClient; raw: ServerResponse }> {
  const client = await EventClient.open(url);
  const raw = responses[0];
  if (raw === undefined) throw new Error('The server has no response');
  return { sink: new EventSink(raw, patienceMs), client, raw };
}

const frame = `event: big\ndata: {"filler":"${'x'.repeat(100_000)}"}\n\n`;

/** Far more than the buffers of two sockets hold. */
const MOST_FRAMES = 1_000;

/** Writes until the sink takes no more. */
async function fill(sink: EventSink): Promise<void> {
  for (let frames = 0; await sink.write(frame); frames++) {
    if (frames > MOST_FRAMES) throw new Error('It never waits');
  }
}

describe('the sink of an event stream', () => {
  it('keeps at most a frame or two for a client that does not read, and cuts it off in the end', async () => {
    const { sink, client, raw } = await connect(300);
    client.pause();
    let frames = 0;
    let most = 0;
    // The buffers of the two sockets take some; a client that reads would take these for ever.
    while (await sink.write(frame)) {
      frames += 1;
      most = Math.max(most, raw.writableLength);
      if (frames > MOST_FRAMES) throw new Error('It never waits');
    }
    expect(most).toBeLessThan(3 * frame.length);
    expect(sink.isOpen).toBe(false);
    expect(raw.destroyed).toBe(true);
    expect(await sink.write(frame)).toBe(false);
    expect(raw.listenerCount('drain')).toBe(0);
    expect(raw.listenerCount('error')).toBe(0);
  });

  it('goes on with a client that reads slowly, and loses nothing', async () => {
    const { sink, client } = await connect(10_000);
    client.pause();
    const written = (async () => {
      for (let number = 0; number < 200; number++) await sink.write(frame);
      await sink.end(10_000);
    })();
    await Promise.race([written, new Promise(setImmediate)]);
    client.resume();
    await written;
    await client.untilEnd();
    expect(client.events).toHaveLength(200);
  });

  it('ends waiting when the client goes away', async () => {
    const { sink, client, raw } = await connect(60_000);
    client.pause();
    const writing = fill(sink);
    while (!raw.writableNeedDrain) await new Promise(setImmediate);
    client.close();
    await writing;
    expect(sink.isOpen).toBe(false);
  });

  it('ends in time for a client that does not take the rest', async () => {
    const { sink, client, raw } = await connect(60_000);
    client.pause();
    const writing = fill(sink);
    while (!raw.writableNeedDrain) await new Promise(setImmediate);
    await sink.end(100);
    await writing;
    expect(raw.destroyed).toBe(true);
    await sink.end(100);
  });
});
