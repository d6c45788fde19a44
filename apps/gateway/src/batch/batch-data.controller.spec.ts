import { connect } from 'node:net';
import type { ErrorBody } from '@millrace/domain';
import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { INTERNAL_TOKEN, sendJson, startNeighbour, startTestGateway } from '../gateway.fixture';
import type { NeighbourService, TestGateway } from '../gateway.fixture';

const ID = 'batch-20250115-a3f8e2b1';
const LINE = '{"n":1}\n';

let results: NeighbourService;
let gateway: TestGateway;

beforeEach(async () => {
  results = await startNeighbour();
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams: new InMemoryStreamRegistry() },
    { RESULTS_URL: results.url },
  );
});

afterEach(async () => {
  await gateway.app.close();
  await results.close();
});

describe('GET /batch/data', () => {
  it('passes the page through: query, body and headers', async () => {
    const page = { batchId: ID, data: [{ n: 1 }] };
    results.on(
      `GET /batch/data/${ID}?limit=50&offset=0`,
      sendJson(200, page, { 'x-total-count': '7', 'x-page-size': '50', etag: '"v1"', 'x-powered-by': 'us' }),
    );
    const response = await gateway.app.inject({
      url: `/batch/data/${ID}?limit=50&offset=0`,
      headers: { 'x-request-id': 'spec-1', accept: 'application/json', cookie: 'secret=1' },
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(page);
    expect(response.headers).toMatchObject({ 'x-total-count': '7', 'x-page-size': '50', etag: '"v1"' });
    expect(response.headers).not.toHaveProperty('x-powered-by');
    expect(results.calls[0]?.headers).toMatchObject({
      authorization: `Bearer ${INTERNAL_TOKEN}`,
      'x-request-id': 'spec-1',
      accept: 'application/json',
    });
    expect(results.calls[0]?.headers).not.toHaveProperty('cookie');
  });

  it.each(['aggregated', 'agg'])('reads the analysis under /%s', async (name) => {
    results.on(`GET /batch/data/${ID}/aggregated`, sendJson(200, { batchId: ID }));
    const response = await gateway.app.inject(`/batch/data/${ID}/${name}`);
    expect(response.json()).toEqual({ batchId: ID });
  });

  it('passes "nothing changed" through', async () => {
    results.on(`GET /batch/data/${ID}`, (request, response) => {
      response.writeHead(request.headers['if-none-match'] === '"v1"' ? 304 : 200, { etag: '"v1"' }).end();
    });
    const response = await gateway.app.inject({
      url: `/batch/data/${ID}`,
      headers: { 'if-none-match': '"v1"' },
    });
    expect(response.statusCode).toBe(304);
    expect(response.body).toBe('');
  });

  it('tells no length where only the headers are wanted and nothing changed', async () => {
    results.on(`GET /batch/data/${ID}`, (_request, response) => {
      response.writeHead(304, { etag: '"v1"' }).end();
    });
    const { statusCode, headers } = await gateway.app.inject({ method: 'HEAD', url: `/batch/data/${ID}` });
    expect([statusCode, headers.etag, headers['content-length']]).toEqual([304, '"v1"', undefined]);
  });

  it('passes on which tag is wanted, and that there is another one', async () => {
    const body = { error: 'PRECONDITION_FAILED', message: 'If-Match', timestamp: 'x' };
    results.on(`GET /batch/data/${ID}`, sendJson(412, body));
    const response = await gateway.app.inject({ url: `/batch/data/${ID}`, headers: { 'if-match': '"v1"' } });
    expect([response.statusCode, response.json()]).toEqual([412, body]);
    expect(results.calls[0]?.headers).toMatchObject({ 'if-match': '"v1"' });
  });

  it.each([
    [206, { 'content-range': 'bytes 2-5/10', 'content-length': '4' }, 'cdef'],
    [416, { 'content-range': 'bytes */10' }, '{}'],
  ])('passes parts of a file through: %d', async (status, headers, body) => {
    const file = `/batch/data/${ID}?format=parquet`;
    results.on(`GET ${file}`, (_request, response) => {
      response.writeHead(status, { 'accept-ranges': 'bytes', ...headers }).end(body);
    });
    const asked = { range: 'bytes=2-5', 'if-range': '"v1"' };
    const answer = await gateway.app.inject({ url: file, headers: asked });
    expect([answer.statusCode, answer.body]).toEqual([status, body]);
    expect(answer.headers).toMatchObject({ 'accept-ranges': 'bytes', ...headers });
    expect(results.calls[0]?.headers).toMatchObject(asked);
  });

  it('tells whoever asks for the headers alone how long the file is, and sends no part', async () => {
    const file = `/batch/data/${ID}?format=parquet`;
    results.on(`GET ${file}`, (request, response) => {
      const isWhole = request.headers.range === undefined;
      response.writeHead(isWhole ? 200 : 206, { 'content-length': '10', 'accept-ranges': 'bytes' });
      response.end('abcdefghij');
    });
    const answer = await gateway.app.inject({ method: 'HEAD', url: file, headers: { range: 'bytes=2-5' } });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({ 'content-length': '10', 'accept-ranges': 'bytes' });
  });

  it('passes a refusal of the results service through as it is', async () => {
    const body = {
      error: 'BATCH_NOT_READY',
      message: 'Batch not completed',
      timestamp: 'x',
      status: 'PENDING',
    };
    results.on(`GET /batch/data/${ID}`, sendJson(409, body));
    const response = await gateway.app.inject(`/batch/data/${ID}`);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toEqual(body);
  });

  it('passes on when to ask again', async () => {
    const body = { error: 'SERVICE_UNAVAILABLE', message: 'The registry is away', timestamp: 'x' };
    results.on(`GET /batch/data/${ID}`, sendJson(503, body, { 'retry-after': '7' }));
    const response = await gateway.app.inject(`/batch/data/${ID}`);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('7');
  });

  it.each(['..%2f..%2fetc', `${ID}%2f..%2fx`, `${ID}%3flimit=1`])(
    'refuses the id %s without asking anybody',
    async (reference) => {
      for (const suffix of ['', '/aggregated', '/agg']) {
        const response = await gateway.app.inject(`/batch/data/${reference}${suffix}`);
        expect(response.statusCode).toBe(400);
        expect(response.json()).toMatchObject({ details: [{ path: 'batchId' }] });
      }
      expect(results.calls).toEqual([]);
    },
  );

  /** What a client of an old protocol, which knows the end of a body by the end of the connection, gets. */
  async function oldClient(method: string, onText: (text: string) => void = () => undefined) {
    const { port } = new URL(await gateway.app.listen(0, '127.0.0.1').then(() => gateway.app.getUrl()));
    return new Promise<{ text: string; end: string }>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('data', (chunk) => {
        text += chunk.toString();
        onText(text);
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        resolve({ text, end: error.code ?? error.message });
      });
      socket.on('end', () => {
        resolve({ text, end: 'end' });
      });
      socket.write(`${method} /batch/data/${ID}?format=ndjson HTTP/1.0\r\nHost: localhost\r\n\r\n`);
    });
  }

  it.each([
    [true, 'ECONNRESET'],
    [false, 'end'],
  ])('lets nobody take a part for the whole: broken off %s', async (isBrokenOff, end) => {
    let goOn: () => void = () => undefined;
    results.on(`GET /batch/data/${ID}?format=ndjson`, (_request, response) => {
      goOn = () => {
        if (isBrokenOff) response.destroy();
        else response.end();
      };
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(LINE);
    });
    const answer = await oldClient('GET', (text) => {
      if (text.includes(LINE)) goOn();
    });
    expect(answer).toMatchObject({ end, text: expect.stringContaining(LINE) as string });
  });

  it('reads no rows for whoever asks for the headers alone', async () => {
    const gone = new Promise<void>((resolve) => {
      results.on(`GET /batch/data/${ID}?format=ndjson`, (_request, response) => {
        response.writeHead(200, { 'x-total-count': '7' });
        // Nothing ends this but that the gateway goes away.
        response.write(LINE);
        response.on('close', resolve);
      });
    });
    const { text } = await oldClient('HEAD');
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*x-total-count: 7\r\n[\s\S]*\r\n\r\n$/);
    await gone;
  });

  it('names the results service when it is away', async () => {
    await results.close();
    const response = await gateway.app.inject(`/batch/data/${ID}`);
    expect(response.statusCode).toBe(503);
    expect(response.json<ErrorBody>().message).toContain('results service');
  });

  it('does not blame the client for a wrong internal token', async () => {
    results.on(`GET /batch/data/${ID}`, sendJson(401, { error: 'UNAUTHORIZED', message: 'no' }));
    const response = await gateway.app.inject(`/batch/data/${ID}`);
    expect(response.statusCode).toBe(500);
  });
});
