import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from '../config/schema';
import { ServiceClient } from './service-client';

const answer = { safeParse: (value: unknown) => ({ success: true as const, data: value }) };

describe('ServiceClient', () => {
  const servers: Server[] = [];

  async function clientOf(listener: RequestListener): Promise<ServiceClient> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    return new ServiceClient({ name: 'orchestrator', baseUrl, token: 'the-token', timeoutMs: 5_000 });
  }

  const answering = (status: number, body: string) =>
    clientOf((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('sends the token, the request id and JSON', async () => {
    const client = await clientOf((request, response) => {
      const { authorization, 'x-request-id': requestId, 'content-type': contentType } = request.headers;
      request.pipe(response.writeHead(200, { 'x-seen': [authorization, requestId, contentType].join() }));
    });
    const call = { method: 'POST', path: '/x', body: { a: 1 }, requestId: 'r1', answer } as const;
    expect(await client.call(call)).toEqual({ a: 1 });
    const opened = await client.open({ path: '/x' });
    expect(opened.headers.get('x-seen')).toBe('Bearer the-token,,');
    await opened.arrayBuffer();
  });

  it('passes an error body on with its code', async () => {
    const body = { error: 'STREAM_ALREADY_RUNNING', message: 'It runs', status: 'RUNNING' };
    const client = await answering(409, JSON.stringify(body));
    await expect(client.call({ method: 'POST', path: '/', answer })).rejects.toMatchObject({
      code: 'STREAM_ALREADY_RUNNING',
      message: 'It runs',
      status: 'RUNNING',
    });
  });

  it('passes the fields of a refused request on', async () => {
    const details = [{ path: 'topic', message: 'is unknown' }];
    const client = await answering(400, JSON.stringify({ error: 'INVALID_REQUEST', message: '', details }));
    await expect(client.call({ method: 'POST', path: '/', answer })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      details,
    });
  });

  it.each([
    ['an answer that is no error body', 502, '<html>'],
    ['a refused internal token', 401, '{"error":"UNAUTHORIZED","message":"no"}'],
  ])('takes %s as a fault of ours', async (_what, status, body) => {
    const client = await answering(status, body);
    const failure = await client.call({ method: 'GET', path: '/', answer }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toHaveProperty('code');
  });

  it('refuses an answer of another form', async () => {
    const client = await answering(200, '{"a":1}');
    await expect(client.call({ method: 'GET', path: '/x', answer: text() })).rejects.toThrow('/x');
  });

  it('names the service that cannot be reached', async () => {
    const client = await answering(200, '{}');
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    await expect(client.call({ method: 'GET', path: '/', answer })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The orchestrator cannot be reached',
    });
  });

  it('gives up at the deadline, in headers and in a body that stops', async () => {
    const silent = await clientOf(() => undefined);
    const late = { code: 'SERVICE_UNAVAILABLE', message: 'The orchestrator did not answer in time' };
    const call = { method: 'GET', path: '/', answer, timeoutMs: 50 } as const;
    await expect(silent.call(call)).rejects.toMatchObject(late);
    await expect(silent.open({ path: '/', timeoutMs: 50 })).rejects.toMatchObject(late);
    const halting = await clientOf((_request, response) => response.writeHead(200).write('{'));
    await expect(halting.call(call)).rejects.toMatchObject(late);
  });
});
