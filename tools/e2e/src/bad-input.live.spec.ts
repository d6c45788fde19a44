import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BATCH_QUEUE } from '@millrace/domain';
import { Redis } from 'ioredis';
import { allSettled, call, deltaBasePath, endpoints } from './stack-under-test';

const RIGHT = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };

const TOPIC = {
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: 'latest',
  analysisType: 'revenue_by_category',
};

/** Everything that an accepted request would change. */
async function traces(): Promise<unknown> {
  const redis = new Redis(endpoints.redis);
  const jobs = await redis.keys(`bull:${BATCH_QUEUE}:batch-*`);
  redis.disconnect();
  const { body } = await call<{ total: number }>('GET', '/batch/list?limit=1');
  const folders = readdirSync(deltaBasePath(), { withFileTypes: true }).map(({ name }) => name);
  let results: string[] = [];
  if (folders.includes('batches')) results = readdirSync(join(deltaBasePath(), 'batches'));
  return { jobs: jobs.sort(), rows: body.total, folders: folders.sort(), results: results.sort() };
}

const refusals: readonly [string, string, unknown, number, string][] = [
  ['a garbage date', '/batch/run', { ...RIGHT, startDate: 'garbage' }, 400, 'startDate'],
  ['a day that is not in the calendar', '/batch/run', { ...RIGHT, endDate: '2025-02-30' }, 400, 'endDate'],
  ['a reversed range', '/batch/run', { ...RIGHT, startDate: '2025-02-01' }, 400, 'endDate'],
  ['an unknown analysis', '/batch/run', { ...RIGHT, analysisType: 'all_of_it' }, 400, 'analysisType'],
  ['an unknown filter column', '/batch/run', { ...RIGHT, filters: { secret: 'x' } }, 400, 'filters.secret'],
  [
    'an impossible filter value',
    '/batch/run',
    { ...RIGHT, filters: { region: "x' OR 1=1" } },
    400,
    'filters.region',
  ],
  [
    'a path as a filter value',
    '/batch/run',
    { ...RIGHT, filters: { category: '../../etc' } },
    400,
    'filters.category',
  ],
  ['an unknown field', '/batch/run', { ...RIGHT, sourcePath: '../../etc/passwd' }, 400, 'sourcePath'],
  ['no fields', '/batch/run', {}, 400, 'startDate'],
  ['the fields of both modes', '/batch/run', { ...RIGHT, topic: 'transactions-batch' }, 400, 'topic'],
  ['the year 0', '/batch/run', { ...RIGHT, startDate: '0000-01-01' }, 400, 'startDate'],
  [
    'a leap second',
    '/batch/run',
    { ...RIGHT, sourceTimestamp: '2016-12-31T23:59:60Z' },
    400,
    'sourceTimestamp',
  ],
  ['a version that is not there', '/batch/run', { ...RIGHT, sourceVersion: 1e12 }, 400, 'sourceVersion'],
  ["somebody else's topic", '/batch/run', { ...TOPIC, topic: '__consumer_offsets' }, 400, 'topic'],
  ['an unknown partition', '/batch/run', { ...TOPIC, startOffset: { '999': 0 } }, 400, 'startOffset'],
  ['a negative offset', '/batch/run', { ...TOPIC, startOffset: { '0': -3 } }, 400, 'startOffset.0'],
  ['an offset over 2^63', '/batch/run', { ...TOPIC, endOffset: { '0': 2 ** 63 } }, 400, 'endOffset.0'],
  [
    'a webhook to anywhere',
    '/batch/run',
    { ...RIGHT, webhookUrl: 'http://169.254.169.254/' },
    400,
    'webhookUrl',
  ],
  ['NUL in a filter', '/batch/run', { ...RIGHT, filters: { city: 'a\u0000' } }, 400, 'filters.city'],
  ['half a surrogate pair', '/batch/run', { ...RIGHT, filters: { city: '\ud800' } }, 400, 'filters.city'],
  ['a prototype', '/batch/run', '{"__proto__":{"a":1},"startDate":"2025-01-01"}', 400, '__proto__'],
  ['a field given twice', '/batch/run', '{"endDate":"2025-01-01","endDate":"2025-01-02"}', 400, 'endDate'],
  ['10,000 levels', '/batch/run', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400, 'body'],
  ['a list instead of an object', '/batch/run', [], 400, 'body'],
  ['malformed JSON', '/batch/run', '{"startDate": ', 400, ''],
  ['a body of 1 MB', '/batch/run', { ...RIGHT, filters: { city: 'x'.repeat(1_048_576) } }, 413, ''],
  ['an unknown topic', '/stream/start', { topic: 'somebody-elses' }, 400, 'topic'],
  ['a topic that is a path', '/stream/start', { topic: '../checkpoints' }, 400, 'topic'],
];

describe('bad input', () => {
  // What other specs submitted has ended, so that a trace is of a request of this one.
  beforeAll(() => allSettled(240_000), 250_000);

  it.each(refusals)('%s is refused and leaves nothing behind', async (_name, path, body, status, field) => {
    const before = await traces();
    const answer = await call<{
      error: string;
      message: string;
      timestamp: string;
      details?: { path: string }[];
    }>('POST', path, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error: expect.stringMatching(/^[A-Z_]+$/) as string,
      message: expect.any(String) as string,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    if (field !== '') expect(answer.body.details?.map((detail) => detail.path)).toContain(field);
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['a key that is no text', { 'idempotency-key': 'x'.repeat(256) }, 'Idempotency-Key'],
    ['a client that is a path', { 'x-client-id': '../x' }, 'X-Client-Id'],
  ])('%s is refused and leaves nothing behind', async (_name, headers, field) => {
    const before = await traces();
    const response = await fetch(`${endpoints.gateway}/batch/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(RIGHT),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ details: [{ path: field }] });
    expect(await traces()).toEqual(before);
  });

  it.each(['gzip', 'br'])('a body with the encoding %s is refused', async (encoding) => {
    const response = await fetch(`${endpoints.gateway}/batch/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: gzipSync(JSON.stringify(RIGHT)),
    });
    expect(response.status).toBe(415);
  });

  it.each([
    'limit=-1',
    'limit=1&limit=2',
    'cursor=abc',
    'from=yesterday',
    'label=x',
    'status=DONE',
    '__proto__=1',
  ])('a list with ?%s is refused', async (query) => {
    const { status, body } = await call<{ details?: unknown[] }>('GET', `/batch/list?${query}`);
    expect(status).toBe(400);
    expect(body.details).toHaveLength(1);
  });

  it('another content type is refused', async () => {
    const response = await fetch(`${endpoints.gateway}/batch/run`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(RIGHT),
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    'batch-20250101-zzzzzzzz',
    "batch-20250101-0000000'",
    '%00',
    'a'.repeat(5_000),
  ])('an id like %s finds nothing', async (id) => {
    for (const path of [`/batch/status/${id}`, `/batch/data/${id}`, `/batch/data/${id}/aggregated`]) {
      const { status, body } = await call<{ error: string }>('GET', path);
      expect([400, 404, 414]).toContain(status);
      expect(body.error).toMatch(/^[A-Z_]+$/);
    }
  });
});
