import { gzipSync } from 'node:zlib';
import { fieldsOfRefusal, startRefusing } from './refusing.fixture';
import type { Refusing } from './refusing.fixture';

const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const KAFKA = {
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: 'latest',
  analysisType: 'hourly_trends',
};

const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

let gateway: Refusing;

beforeAll(async () => {
  gateway = await startRefusing();
});

afterAll(() => gateway.close());

describe('POST /batch/run refuses, and leaves nothing behind for', () => {
  const text = JSON.stringify(VALID);
  it.each<[string, string | Buffer, number, string[]]>([
    ['malformed JSON', '{"startDate":', 400, ['body']],
    ['no body', '', 400, ['body']],
    ['a field given twice', text.replace('{', '{"endDate":"2025-01-02",'), 400, ['endDate']],
    ['a filter given twice', text.replace('{', '{"filters":{"city":"a","city":"b"},'), 400, ['filters.city']],
    ['a prototype', text.replace('{', '{"__proto__":{"admin":true},'), 400, ['__proto__']],
    [
      'a prototype in the filters',
      text.replace('{', '{"filters":{"__proto__":"x"},'),
      400,
      ['filters.__proto__'],
    ],
    [
      'a prototype in the labels',
      text.replace('{', '{"labels":{"__proto__":"x"},'),
      400,
      ['labels.__proto__'],
    ],
    [
      'a constructor with a prototype',
      text.replace('{', '{"constructor":{"prototype":{"a":1}},'),
      400,
      ['constructor.prototype'],
    ],
    ['10,000 levels', text.replace('{', `{"x":${deep(10_000)},`), 400, ['x']],
    [
      '5,000 levels in a filter',
      text.replace('{', `{"filters":{"city":${deep(5_000)}},`),
      400,
      ['filters.city'],
    ],
    ['5,000 lists', '['.repeat(5_000) + ']'.repeat(5_000), 400, ['body']],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28])]),
      400,
      ['body'],
    ],
    ['UTF-16', Buffer.from(text, 'utf16le'), 400, ['body']],
    ['NUL bytes', `${text}\u0000`, 400, ['body']],
    ['NaN', text.replace('{', '{"timeoutSeconds":NaN,'), 400, ['body']],
    ['an infinite number', text.replace('{', '{"timeoutSeconds":1e999,'), 400, ['timeoutSeconds']],
    ['1 MB of text', `"${'x'.repeat(1_000_000)}"`, 413, ['body']],
    [
      '10,000 partitions',
      JSON.stringify({
        ...KAFKA,
        startOffset: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [i, 0])),
      }),
      413,
      ['body'],
    ],
  ])('%s', async (_what, payload, status, fields) => {
    expect(fieldsOfRefusal(await gateway.submit(payload), status)).toEqual(fields);
    await gateway.expectNothingLeft();
  });

  it.each(['gzip', 'br', 'deflate', 'gzip, gzip', 'x'])('a body with the encoding %s', async (encoding) => {
    const response = await gateway.submit(gzipSync(text), { 'content-encoding': encoding });
    expect(fieldsOfRefusal(response, 415)).toEqual(['Content-Type']);
    await gateway.expectNothingLeft();
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonx',
    'application/json-patch+json',
    'application/vnd.api+json',
    'json',
    'application/',
    '/json',
  ])('the content type "%s"', async (contentType) => {
    expect(fieldsOfRefusal(await gateway.submit(text, { 'content-type': contentType }), 415)).toEqual([
      'Content-Type',
    ]);
    await gateway.expectNothingLeft();
  });

  // Spellings that made frameworks skip validation.
  it.each([
    'APPLICATION/JSON',
    'application/json ; charset=utf-8',
    'application/json\t; charset=utf-8',
    ' application/json',
    'application/json;',
    'application/json;;',
    'application/json; charset=utf-16',
    'application/json\t',
    'application/json, text/plain',
    'application/JSON\ta',
  ])('what is wrong under the content type %j', async (contentType) => {
    const wrong = JSON.stringify({ ...VALID, startDate: 'garbage', sql: 'x' });
    const response = await gateway.submit(wrong, { 'content-type': contentType });
    expect([400, 415]).toContain(response.statusCode);
    expect(fieldsOfRefusal(response, response.statusCode)).not.toEqual([]);
    await gateway.expectNothingLeft();
  });

  it.each([
    ['Idempotency-Key', ''],
    ['Idempotency-Key', 'x'.repeat(256)],
    ['Idempotency-Key', 'a\u00e9'],
    ['Idempotency-Key', 'a\tb'],
    ['X-Client-Id', ''],
    ['X-Client-Id', 'x'.repeat(65)],
    ['X-Client-Id', 'a b'],
    ['X-Client-Id', '../x'],
    ['X-Client-Id', '__proto__\u0080'],
  ])('the header %s: %j', async (name, value) => {
    expect(fieldsOfRefusal(await gateway.submit(text, { [name]: value }), 400)).toEqual([name]);
    await gateway.expectNothingLeft();
  });

  it.each([
    ['/batch/%72un/', 404],
    ['//batch/run', 404],
    ['/batch/run/', 404],
    ['/batch/run;x=1', 404],
    ['/batch/run.', 404],
    ['/BATCH/run', 404],
    ['/batch%2frun', 404],
    ['/batch/%c0%af', 400],
  ])('the path %s', async (url, status) => {
    const response = await gateway.app.inject({ method: 'POST', url, payload: { ...VALID, sql: 'x' } });
    fieldsOfRefusal(response, status);
    await gateway.expectNothingLeft();
  });

  it.each([
    ['GET', '/batch/run', 'POST'],
    ['PUT', '/batch/run', 'POST'],
    ['DELETE', '/batch/run', 'POST'],
    ['POST', '/batch/list', 'GET, HEAD'],
    ['DELETE', '/batch/status/batch-20250115-a3f8e2b1', 'GET, HEAD'],
    ['GET', '/batch/batch-20250115-a3f8e2b1/cancel', 'POST'],
    ['PATCH', '/batch/batch-20250115-a3f8e2b1/retry', 'POST'],
    ['OPTIONS', '/batch/batch-20250115-a3f8e2b1/rerun', 'POST'],
    ['TRACE', '/batch/run', 'POST'],
  ] as const)('the method of %s %s', async (method, url, allowed) => {
    const response = await gateway.app.inject({ method: method as 'GET', url });
    fieldsOfRefusal(response, 405);
    expect(response.headers['allow']).toBe(allowed);
    await gateway.expectNothingLeft();
  });
});

describe('what looks odd and is right', () => {
  it('is accepted: a byte order mark, an encoded path, a charset', async () => {
    const text = JSON.stringify(VALID);
    for (const [url, payload, contentType] of [
      ['/batch/run', `\ufeff${text}`, 'application/json'],
      ['/batch/%72un', text, 'application/json'],
      ['/batch/run', text, 'application/json; charset=utf-8'],
    ] as const) {
      const headers = { 'content-type': contentType };
      const response = await gateway.app.inject({ method: 'POST', url, headers, payload });
      expect(response.statusCode).toBe(202);
    }
  });
});
