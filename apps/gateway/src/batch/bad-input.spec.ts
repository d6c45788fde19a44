import { fieldsOfRefusal, startRefusing } from './refusing.fixture';
import type { Refusing } from './refusing.fixture';

const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const KAFKA = {
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: 'latest',
  analysisType: 'hourly_trends',
};
const { analysisType } = VALID;

let gateway: Refusing;

beforeAll(async () => {
  gateway = await startRefusing();
});

afterAll(() => gateway.close());

describe('POST /batch/run refuses, names the field and leaves nothing behind for', () => {
  it.each<[string, unknown, string[]]>([
    ['a garbage date', { ...VALID, startDate: '01/02/2025' }, ['startDate']],
    ['a day that no month has', { ...VALID, endDate: '2025-02-30' }, ['endDate']],
    ['a day of zeros', { ...VALID, startDate: '0000-00-00' }, ['startDate']],
    ['the year 0', { ...VALID, startDate: '0000-01-01' }, ['startDate']],
    ['the year 275760', { ...VALID, endDate: '+275760-09-13' }, ['endDate']],
    ['a time as a date', { ...VALID, startDate: '2025-01-01T00:00:00+02:00' }, ['startDate']],
    ['a leap second', { ...VALID, sourceTimestamp: '2016-12-31T23:59:60Z' }, ['sourceTimestamp']],
    ['a time without zone', { ...VALID, sourceTimestamp: '2025-01-01T00:00:00' }, ['sourceTimestamp']],
    ['a number as a date', { ...VALID, startDate: 20250101 }, ['startDate']],
    ['a reversed range', { ...VALID, startDate: '2025-01-16' }, ['endDate']],
    ['an unknown analysis', { ...VALID, analysisType: 'everything' }, ['analysisType']],
    ['an analysis in another case', { ...VALID, analysisType: 'Full_Report' }, ['analysisType']],
    ['an unknown filter column', { ...VALID, filters: { colour: 'red' } }, ['filters.colour']],
    ['SQL as a filter column', { ...VALID, filters: { "1=1 OR ''": 1 } }, ["filters.1=1 OR ''"]],
    ['a homoglyph of a column', { ...VALID, filters: { саtegory: 'toys' } }, ['filters.саtegory']],
    ['a filter value that no row has', { ...VALID, filters: { region: "' OR 1=1--" } }, ['filters.region']],
    ['a filter with NUL', { ...VALID, filters: { city: 'a\u0000' } }, ['filters.city']],
    ['half a surrogate pair', { ...VALID, filters: { city: '\ud800' } }, ['filters.city']],
    ['a very long filter', { ...VALID, filters: { city: 'x'.repeat(50_000) } }, ['filters.city']],
    ['constructor as a filter', { ...VALID, filters: { constructor: 'x' } }, ['filters.constructor']],
    ['a label with a right-to-left mark', { ...VALID, labels: { a: 'x\u202ey' } }, ['labels.a']],
    ['a label name with NUL', { ...VALID, labels: { 'a\u0000': 'x' } }, ['labels.a\u0000']],
    ['a path as a date', { ...VALID, startDate: '../../etc/passwd' }, ['startDate']],
    ['a path as an analysis', { ...VALID, analysisType: '../x' }, ['analysisType']],
    ['an unknown field', { ...VALID, sql: 'DROP TABLE x' }, ['sql']],
    ['members of the record', { ...VALID, status: 'COMPLETED', batchId: 'x' }, ['status', 'batchId']],
    ['constructor as a field', { ...VALID, constructor: 1 }, ['constructor']],
    ['toString as a field', { ...VALID, toString: 1 }, ['toString']],
    ['no fields', {}, ['startDate', 'endDate', 'topic', 'startOffset', 'endOffset', 'analysisType']],
    [
      'nothing but an analysis',
      { analysisType },
      ['startDate', 'endDate', 'topic', 'startOffset', 'endOffset'],
    ],
    [
      'next alone',
      { analysisType, next: 'auto' },
      ['startDate', 'endDate', 'topic', 'startOffset', 'endOffset'],
    ],
    ['half of the days', { startDate: '2025-01-01', analysisType }, ['endDate']],
    ['half of the offsets', { topic: 'transactions-batch', analysisType }, ['startOffset', 'endOffset']],
    ['the fields of both modes', { ...VALID, topic: 'x' }, ['startDate', 'endDate', 'topic']],
    [
      'a version in Kafka mode',
      { ...KAFKA, sourceVersion: 1 },
      ['sourceVersion', 'topic', 'startOffset', 'endOffset'],
    ],
    ['days of the source kafka', { ...VALID, source: 'kafka' }, ['startDate', 'endDate']],
    ['offsets of the source seed', { ...KAFKA, source: 'seed' }, ['topic', 'startOffset', 'endOffset']],
    ['the source kafka alone', { source: 'kafka', analysisType }, ['topic', 'startOffset', 'endOffset']],
    ['an unknown source', { ...VALID, source: 's3' }, ['source']],
    ['null as a source', { ...VALID, source: null }, ['source']],
    [
      'both a version and a time',
      { ...VALID, sourceVersion: 1, sourceTimestamp: '2025-01-01T00:00:00Z' },
      ['sourceTimestamp'],
    ],
    ['a version below 0', { ...VALID, sourceVersion: -1 }, ['sourceVersion']],
    ['a version over 2^53', { ...VALID, sourceVersion: 2 ** 60 }, ['sourceVersion']],
    ["somebody else's topic", { ...KAFKA, topic: '__consumer_offsets' }, ['topic']],
    ['a topic that is a path', { ...KAFKA, topic: '../x' }, ['topic']],
    ['Kafka options', { ...KAFKA, 'kafka.bootstrap.servers': 'evil:9092' }, ['kafka.bootstrap.servers']],
    ['a negative offset', { ...KAFKA, startOffset: { '0': -3 } }, ['startOffset.0']],
    ['an offset over 2^63', { ...KAFKA, endOffset: { '0': 2 ** 63 } }, ['endOffset.0']],
    ['half an offset', { ...KAFKA, endOffset: { '0': 1.5 } }, ['endOffset']],
    ['a partition that is no number', { ...KAFKA, startOffset: { zero: 1 } }, ['startOffset']],
    ['offsets without partitions', { ...KAFKA, startOffset: {} }, ['startOffset']],
    ['a list of offsets', { ...KAFKA, startOffset: [1, 2] }, ['startOffset']],
    ['text that is no map', { ...KAFKA, startOffset: '{"0":' }, ['startOffset']],
    ['a prototype in the text of a map', { ...KAFKA, startOffset: '{"__proto__":1,"0":1}' }, ['startOffset']],
    ['the sink jdbc without a database', { ...VALID, sinks: ['jdbc'] }, ['sinks']],
    ['an unknown sink', { ...VALID, sinks: ['file:///etc'] }, ['sinks.0']],
    ['a webhook to anywhere', { ...VALID, webhookUrl: 'http://169.254.169.254/latest' }, ['webhookUrl']],
    ['a webhook that is a file', { ...VALID, webhookUrl: 'file:///etc/passwd' }, ['webhookUrl']],
    ['an array', [VALID], ['body']],
    ['null', null, ['body']],
    ['a text', 'x', ['body']],
  ])('%s', async (_what, payload, fields) => {
    expect(fieldsOfRefusal(await gateway.submit(JSON.stringify(payload)), 400)).toEqual(fields);
    await gateway.expectNothingLeft();
  });
});

describe('a body that is no object', () => {
  it.each(['/batch/run', '/batch/batch-20250115-a3f8e2b1/rerun', '/stream/start'])(
    'is refused in the same words by %s',
    async (url) => {
      const response = await gateway.app.inject({ method: 'POST', url, payload: [] });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({
        message: 'body: must be a JSON object',
        details: [{ path: 'body', message: 'must be a JSON object' }],
      });
    },
  );
});

describe('a query parameter that is given again', () => {
  const id = 'batch-20250115-a3f8e2b1';
  it.each([
    ['/batch/list?limit=1&limit=2', 'limit'],
    ['/batch/list?from=2025-01-01&from=2025-01-02', 'from'],
    ['/batch/list?status=PENDING&status=FAILED', 'status'],
    [`/batch/status/${id}?view=full&view=full`, 'view'],
    [`/batch/${id}/events?lastEventId=1&lastEventId=2`, 'lastEventId'],
    ['/webhooks/dead?limit=1&limit=2', 'limit'],
  ])('is refused in the same words: %s', async (url, path) => {
    const response = await gateway.app.inject(url);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path, message: 'must be given once' }] });
  });
});

describe('what the operator has not allowed', () => {
  it.each([
    [{ sinks: ['jdbc'] }, 'jdbc is not available: the setting JDBC_URL names no database'],
    [
      { webhookUrl: 'https://client.example/hook' },
      'https://client.example is not among the allowed origins (setting WEBHOOK_ALLOWED_ORIGINS): there are none',
    ],
  ])('is refused by the variable that allows it: %j', async (more, message) => {
    const response = await gateway.submit(JSON.stringify({ ...VALID, ...more }));
    expect(response.json()).toMatchObject({ details: [{ message }] });
  });
});
