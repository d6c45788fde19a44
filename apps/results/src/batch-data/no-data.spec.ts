import { ServiceUnavailable } from '@millrace/domain';
import { ResultsFixture } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const NOW = new Date('2025-01-22T10:31:00Z');

describe('a request that gets no data', () => {
  let results: ResultsFixture;

  beforeEach(async () => {
    results = await ResultsFixture.create();
    results.register({ status: 'COMPLETED' });
  });

  afterEach(async () => {
    await results.close();
  });

  it.each(['PENDING', 'RUNNING', 'CANCELLED'] as const)(
    'answers 409 for a batch that is %s',
    async (status) => {
      results.register({ status, errorMessage: 'of an earlier attempt' });
      for (const path of ['', '/aggregated', '/agg']) {
        const response = await results.get(`/batch/data/${BATCH}${path}`);
        expect(response.statusCode).toBe(409);
        expect(response.json()).toMatchObject({
          error: 'BATCH_NOT_READY',
          message: `Batch not completed: ${BATCH} is ${status}`,
          status,
          timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        });
        expect(response.json()).not.toHaveProperty('errorMessage');
      }
    },
  );

  it.each([
    ['FAILED', 'Spark ran out of disk', `Batch not completed: ${BATCH} is FAILED`],
    ['UNKNOWN', 'raw: there is no table', `Batch not completed: ${BATCH} is UNKNOWN: its record was lost`],
  ] as const)('tells why a batch is %s', async (status, errorMessage, message) => {
    results.register({ status, errorMessage });
    const response = await results.get(`/batch/data/${BATCH}`);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      error: 'BATCH_NOT_READY',
      message: expect.stringContaining(message) as string,
      status,
      errorMessage,
    });
  });

  it('answers 503 with the cause while the store of the tables is away', async () => {
    results.register(results.completed(BATCH));
    const message = 'The object store of the bucket tables does not answer (ECONNREFUSED)';
    results.beforeReading = () => Promise.reject(new ServiceUnavailable(message));
    const response = await results.get(`/batch/data/${BATCH}`);
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ error: 'SERVICE_UNAVAILABLE', message });
  });

  it.each(['FAILED', 'CANCELLED', 'UNKNOWN'] as const)(
    'answers 409 for a batch that is %s also when what it wrote was deleted since',
    async (status) => {
      results.register({ status, errorMessage: 'the disk is full', resultsDeleted: NOW, expiresAt: null });
      const response = await results.get(`/batch/data/${BATCH}`);
      expect(response.statusCode).toBe(409);
      expect(response.json()).toMatchObject({ error: 'BATCH_NOT_READY', status });
    },
  );

  it.each([
    [NOW, `The results of ${BATCH} were deleted: they were kept until 2025-01-22T10:31:00.000Z`],
    [null, `The results of ${BATCH} were deleted`],
  ])('answers 410 for results that were kept until %s', async (expiresAt, message) => {
    results.register({ status: 'COMPLETED', resultsDeleted: NOW, expiresAt });
    const response = await results.get(`/batch/data/${BATCH}`);
    expect(response.statusCode).toBe(410);
    expect(response.json()).toMatchObject({ error: 'BATCH_EXPIRED', message });
  });

  it('answers 404 for a batch that was never submitted', async () => {
    const response = await results.get('/batch/data/batch-20250115-00000000');
    expect([response.statusCode, response.json()]).toMatchObject([404, { error: 'BATCH_NOT_FOUND' }]);
  });

  it.each(['xyz', '..%2f..%2fetc%2fpasswd', `${BATCH}%00`, `${BATCH}'--`, 'BATCH-20250115-A3F8E2B1'])(
    'refuses the id %s before it looks anything up',
    async (id) => {
      const response = await results.get(`/batch/data/${id}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({
        error: 'INVALID_REQUEST',
        details: [{ path: 'batchId', message: 'must be the id of a batch' }],
      });
    },
  );

  it.each([
    ['limit=-1', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=0x10', 'limit'],
    ['limit=', 'limit'],
    ['limit=NaN', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['limit=1e3', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=99999999999999999999', 'offset'],
    ['path=/etc/passwd', 'path'],
    ['order=total_amount', 'order'],
    ['__proto__=1', '__proto__'],
  ])('refuses ?%s and names the field', async (query, field) => {
    for (const path of ['', '/aggregated']) {
      const response = await results.get(`/batch/data/${BATCH}${path}?${query}`);
      expect(response.statusCode).toBe(400);
      expect(response.json<{ details: { path: string }[] }>().details.map((it) => it.path)).toEqual([field]);
    }
  });

  it.each([
    ['/batch/data/ID?limit=1&limit=2', 'limit'],
    ['/batch/data/ID/aggregated?analysis=hourly_trends&analysis=hourly_trends', 'analysis'],
  ])('refuses a parameter that is given again: %s', async (url, path) => {
    const response = await results.get(url.replace('ID', BATCH));
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ details: [{ path, message: 'must be given once' }] });
  });

  it.each([{ authorization: '' }, { authorization: 'Bearer wrong' }, { authorization: 'Bearer ' }])(
    'answers 401 without the internal token (%j)',
    async (headers) => {
      for (const path of ['', '/aggregated', '/agg']) {
        const response = await results.get(`/batch/data/${BATCH}${path}`, headers);
        expect(response.statusCode).toBe(401);
        expect(response.json()).toMatchObject({ error: 'UNAUTHORIZED' });
      }
    },
  );
});
