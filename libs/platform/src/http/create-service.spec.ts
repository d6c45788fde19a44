import { connect } from 'node:net';
import {
  BatchEnded,
  BatchExpired,
  BatchNotFound,
  BatchNotReady,
  IdempotencyKeyReused,
  InvalidRequest,
  ResultsMissing,
  ServiceUnavailable,
  WebhookNotFound,
} from '@millrace/domain';
import type { ErrorBody } from '@millrace/domain';
import { Body, Controller, Get, Module, Param, Post, UseGuards } from '@nestjs/common';
import { InternalAuthGuard } from '../auth/internal-auth.guard';
import { AcceptingGuard } from './accepting.guard';
import { createService } from './create-service';
import type { Service } from './create-service';

const SOME_TEXT: unknown = expect.any(String);
const ISO_TIME: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

const TOKEN = 'a-token-of-the-inside';

const FAILURES: Readonly<Record<string, () => Error>> = {
  missing: () => new BatchNotFound('batch-xyz'),
  pending: () => new BatchNotReady('batch-xyz', 'PENDING'),
  invalid: () => new InvalidRequest([{ path: 'filters.region', message: 'is unknown' }]),
  away: () => new ServiceUnavailable('The registry cannot be reached'),
  full: () => new ServiceUnavailable('The queue is full', { retryAfterSeconds: 30 }),
  expired: () => new BatchExpired('batch-xyz', null),
  lost: () => new ResultsMissing('batch-xyz', 'raw'),
  ended: () => new BatchEnded('batch-xyz', 'COMPLETED', 'too late'),
  reused: () => new IdempotencyKeyReused('batch-xyz'),
  undelivered: () => new WebhookNotFound('x'),
  surprise: () => new Error('password=hunter2 was refused'),
};

@Controller()
class SampleController {
  @Get('fails/:how')
  fail(@Param('how') how: string): never {
    throw FAILURES[how]?.() ?? new Error('no such sample');
  }

  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return { body: body ?? null };
  }

  @Post('begin')
  @UseGuards(AcceptingGuard)
  begin(): unknown {
    return {};
  }

  @Get('internal/sample')
  @UseGuards(InternalAuthGuard)
  internal(): unknown {
    return { ok: true };
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

describe('createService', () => {
  let service: Service;

  beforeAll(async () => {
    service = await createService(SampleModule, {
      name: 'sample',
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      internalToken: TOKEN,
    });
  });

  afterAll(async () => {
    await service.app.close();
  });

  const post = (payload: string, contentType: string) =>
    service.app.inject({
      method: 'POST',
      url: '/echo',
      payload,
      headers: { 'content-type': contentType },
    });

  it.each([
    ['missing', 404, 'BATCH_NOT_FOUND'],
    ['pending', 409, 'BATCH_NOT_READY'],
    ['invalid', 400, 'INVALID_REQUEST'],
    ['away', 503, 'SERVICE_UNAVAILABLE'],
    ['expired', 410, 'BATCH_EXPIRED'],
    ['lost', 410, 'RESULTS_MISSING'],
    ['ended', 409, 'BATCH_ENDED'],
    ['reused', 422, 'IDEMPOTENCY_KEY_REUSED'],
    ['undelivered', 404, 'WEBHOOK_NOT_FOUND'],
    ['surprise', 500, 'INTERNAL_ERROR'],
  ])('answers a failure (%s) with %d and the code %s', async (how, status, code) => {
    const response = await service.app.inject(`/fails/${how}`);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/json');
    expect(response.json()).toMatchObject({
      error: code,
      message: SOME_TEXT,
      timestamp: ISO_TIME,
      requestId: response.headers['x-request-id'],
    });
  });

  it('tells when to ask again', async () => {
    expect((await service.app.inject('/fails/full')).headers['retry-after']).toBe('30');
    expect((await service.app.inject('/fails/away')).headers['retry-after']).toBe('5');
    expect((await service.app.inject('/fails/missing')).headers).not.toHaveProperty('retry-after');
  });

  it('tells the facts of an error of ours', async () => {
    const pending = await service.app.inject('/fails/pending');
    expect(pending.json()).toMatchObject({ batchId: 'batch-xyz', status: 'PENDING' });
    const invalid = await service.app.inject('/fails/invalid');
    expect(invalid.json()).toMatchObject({ details: [{ path: 'filters.region', message: 'is unknown' }] });
  });

  it('does not tell a client the cause of an unforeseen failure', async () => {
    const response = await service.app.inject('/fails/surprise');
    expect(response.body).not.toContain('hunter2');
  });

  it.each([
    ['malformed JSON', '{"a":', 'application/json', 400, 'INVALID_REQUEST'],
    ['a prototype key', '{"__proto__":{"a":1}}', 'application/json', 400, 'INVALID_REQUEST'],
    ['a form', 'a=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', 'a', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body over 64 KiB', JSON.stringify('x'.repeat(65_536)), 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
  ])('refuses %s', async (_what, payload, contentType, status, code) => {
    const response = await post(payload, contentType);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error: code, requestId: SOME_TEXT });
  });

  it.each<[string, Buffer, Record<string, string>, number, string]>([
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'body'],
    ['a member given twice', Buffer.from('{"a":{"b":1,"b":2}}'), {}, 400, 'a.b'],
    ['a prototype', Buffer.from('{"a":{"__proto__":{"b":1}}}'), {}, 400, 'a.__proto__'],
    ['a body that is no JSON', Buffer.from('{"__proto__":'), {}, 400, 'body'],
    ['a compressed body', Buffer.from('{}'), { 'content-encoding': 'gzip' }, 415, 'Content-Type'],
  ])('refuses %s and names it', async (_what, payload, more, status, path) => {
    const headers = { 'content-type': 'application/json', ...more };
    const response = await service.app.inject({ method: 'POST', url: '/echo', payload, headers });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ details: [{ path }] });
  });

  it('passes over a byte order mark', async () => {
    expect((await post('\ufeff{"a":1}', 'application/json')).json()).toEqual({ body: { a: 1 } });
  });

  it('knows its routes', () => {
    expect(service.routes.list()).toContainEqual({ url: '/echo', methods: ['POST'] });
  });

  it('takes an empty body, also one that is said to be JSON', async () => {
    const response = await post('', 'application/json');
    expect(response.json()).toEqual({ body: null });
  });

  it('tells a wrong method from a wrong path', async () => {
    const wrongMethod = await service.app.inject({ method: 'GET', url: '/echo?x=1' });
    expect(wrongMethod.statusCode).toBe(405);
    expect(wrongMethod.headers['allow']).toBe('POST');
    expect(wrongMethod.json<ErrorBody>().error).toBe('METHOD_NOT_ALLOWED');
    const wrongPath = await service.app.inject('/nowhere');
    expect(wrongPath.statusCode).toBe(404);
    expect(wrongPath.json<ErrorBody>().error).toBe('NOT_FOUND');
  });

  it('answers a path that cannot be decoded with our body', async () => {
    const response = await service.app.inject('/fails/%c0%af');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: 'INVALID_REQUEST', timestamp: SOME_TEXT });
  });

  it.each([
    ['city=M%FCnchen', 'city'],
    ['limit=1&columns=%', 'columns'],
    ['sort=%C3%28', 'sort'],
    ['%ED%A0%80=x', '%ED%A0%80'],
  ])('refuses parameters that are no UTF-8: %s', async (query, path) => {
    const answer = await service.app.inject(`/internal/sample?${query}`);
    expect([answer.statusCode, answer.json<ErrorBody>().details]).toEqual([
      400,
      [{ path, message: 'must be UTF-8, percent-encoded: a % of its own is %25' }],
    ]);
  });

  it('names only some of many parameters that are no UTF-8', async () => {
    const answer = await service.app.inject(`/internal/sample?${'%&'.repeat(1_000)}`);
    expect(answer.json<ErrorBody>().details).toHaveLength(20);
  });

  it('keeps a request id that is safe and replaces one that is not', async () => {
    const kept = await service.app.inject({ url: '/nowhere', headers: { 'x-request-id': 'abc-1.2_3' } });
    expect(kept.headers['x-request-id']).toBe('abc-1.2_3');
    const replaced = await service.app.inject({ url: '/nowhere', headers: { 'x-request-id': 'a b\tc' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('sends the security headers with every response', async () => {
    const response = await service.app.inject('/nowhere');
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('lets only the internal token into internal routes', async () => {
    const url = '/internal/sample';
    expect((await service.app.inject(url)).statusCode).toBe(401);
    const wrong = await service.app.inject({ url, headers: { authorization: 'Bearer wrong' } });
    expect(wrong.json<ErrorBody>().error).toBe('UNAUTHORIZED');
    const right = await service.app.inject({ url, headers: { authorization: `Bearer ${TOKEN}` } });
    expect(right.json()).toEqual({ ok: true });
  });

  it('answers headers that are too large and bytes that are not HTTP with our body', async () => {
    await service.app.listen(0, '127.0.0.1');
    const { port } = new URL(await service.app.getUrl());
    const tooLarge = await talk(
      Number(port),
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    expect(tooLarge).toMatch(/^HTTP\/1\.1 431 /);
    expect(tooLarge).toContain('"error":"INVALID_REQUEST"');
    const garbage = await talk(Number(port), 'what is this\r\n\r\n');
    expect(garbage).toMatch(/^HTTP\/1\.1 400 /);
    expect(garbage).toContain('"timestamp":');
  });
});

describe('AcceptingGuard', () => {
  it('refuses to begin anything once the shutdown has begun', async () => {
    const service = await createService(SampleModule, {
      name: 'sample',
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      internalToken: TOKEN,
    });
    expect((await service.app.inject({ method: 'POST', url: '/begin' })).statusCode).toBe(201);
    await service.drain.run('the spec says so');
    expect((await service.app.inject({ method: 'POST', url: '/begin' })).statusCode).toBe(503);
    await service.app.close();
  });
});

function talk(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => (answer += data));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}
