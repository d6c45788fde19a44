import { ERROR_CODES } from '@millrace/domain';
import { ContractUnderTest, problems } from './contract.fixture';

let at: ContractUnderTest;

beforeAll(async () => {
  at = await ContractUnderTest.start();
});

afterAll(() => at.close());

const PAGES = /^\/($|batches|assets|docs|openapi\.json|ops\/queues)/;

describe('/openapi.json', () => {
  it('has every route that the router has, and no other', () => {
    const inRouter = at.gateway.service.routes
      .list()
      .filter(({ url }) => !PAGES.test(url))
      .flatMap(({ url, methods }) =>
        methods
          .filter((method) => method !== 'HEAD')
          .map((method) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`),
      );
    expect(
      at
        .operations()
        .map(({ line }) => line)
        .sort(),
    ).toEqual([...new Set(inRouter)].sort());
  });

  it('has the routes of the contract', () => {
    expect(at.operations().map(({ line }) => line)).toEqual(
      expect.arrayContaining([
        'POST /stream/start',
        'POST /stream/stop',
        'GET /stream/status',
        'POST /batch/run',
        'GET /batch/status/{batchId}',
        'GET /batch/data/{batchId}',
        'GET /batch/data/{batchId}/aggregated',
        'GET /batch/data/{batchId}/agg',
        'GET /batch/list',
        'GET /batch/{batchId}/events',
        'POST /batch/{batchId}/cancel',
        'POST /batch/{batchId}/rerun',
        'POST /batch/{batchId}/retry',
        'GET /health',
        'POST /stop',
      ]),
    );
  });

  it('names each operation once', () => {
    const ids = at.operations().map(({ operation: { operationId } }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives every answer with a body a schema whose models exist', () => {
    for (const {
      line,
      operation: { responses },
    } of at.operations()) {
      for (const [status, { content }] of Object.entries(responses)) {
        if (['204', '304'].includes(status)) continue;
        const [media] = Object.values(content ?? {});
        expect([line, status, media?.schema]).not.toContain(undefined);
        for (const [, name = ''] of JSON.stringify(media).matchAll(/#\/components\/schemas\/(\w+)/g)) {
          expect(Object.keys(at.contract.components.schemas)).toContain(name);
        }
      }
    }
  });

  it('describes both requests, derived from the schemas that check them', () => {
    const { schemas } = at.contract.components;
    expect(at.operation('POST /batch/run').requestBody?.content['application/json']?.schema).toEqual({
      oneOf: [
        { $ref: '#/components/schemas/DeltaBatchRequestModel' },
        { $ref: '#/components/schemas/KafkaBatchRequestModel' },
      ],
    });
    expect(schemas['DeltaBatchRequestModel']).toMatchObject({
      additionalProperties: false,
      required: ['analysisType'],
      properties: { startDate: { format: 'date' }, filters: { additionalProperties: false } },
    });
    expect(schemas['KafkaBatchRequestModel']).toMatchObject({
      required: expect.arrayContaining(['topic']) as string[],
    });
  });

  it('names the headers and parameters of a submission and of the list', () => {
    const parametersOf = (line: string) => at.operation(line).parameters?.map(({ name }) => name);
    const submission = ['Idempotency-Key', 'X-Client-Id', 'Prefer'];
    expect(parametersOf('POST /batch/run')).toEqual(expect.arrayContaining(submission));
    expect(parametersOf('POST /batch/{batchId}/rerun')).toEqual(expect.arrayContaining(submission));
    expect(parametersOf('GET /batch/list')?.sort()).toEqual([
      'analysisType',
      'client',
      'cursor',
      'from',
      'label',
      'limit',
      'status',
      'to',
    ]);
  });

  it.each([
    ['POST /batch/run', ['200', '202', '400', '401', '409', '413', '415', '422', '500', '503']],
    ['GET /batch/status/{batchId}', ['200', '400', '401', '404', '500', '503']],
    ['POST /batch/{batchId}/cancel', ['200', '202', '400', '401', '404', '409', '413', '415', '500', '503']],
    ['POST /batch/{batchId}/retry', ['202', '400', '401', '404', '409', '410', '413', '415', '500', '503']],
    [
      'GET /batch/data/{batchId}',
      ['200', '206', '304', '400', '401', '404', '409', '410', '412', '416', '500', '503'],
    ],
    ['GET /stream/status', ['200', '400', '401', '500', '503']],
    ['POST /stream/stop', ['200', '400', '401', '413', '415', '500', '503']],
    ['GET /health/live', ['200', '500']],
  ])('names every status of %s', (line, statuses) => {
    expect(Object.keys(at.operation(line).responses).sort()).toEqual(statuses);
  });

  it('names what every route can answer, with the body of an error', () => {
    for (const { line, operation } of at.operations()) {
      const isProbe = line.startsWith('GET /health');
      for (const [status, code] of [
        ['401', 'UNAUTHORIZED'],
        ['500', 'INTERNAL_ERROR'],
      ] as const) {
        const isThere = status in operation.responses;
        expect([line, status, isThere]).toEqual([line, status, !(isProbe && status === '401')]);
        if (!isThere) continue;
        const body = { error: code, message: 'x', timestamp: '2025-01-15T14:32:07.123Z' };
        expect([line, problems(at.answerOf(line, status), body)]).toEqual([line, []]);
      }
    }
  });

  it.each([
    ['no JSON', 400, '{', 'application/json'],
    ['too large', 413, JSON.stringify('x'.repeat(65_536)), 'application/json'],
    ['of another type', 415, 'text', 'text/plain'],
  ])('names what every route answers to a body that is %s', async (_what, status, payload, type) => {
    for (const { line, operation } of at.operations()) {
      const [method = '', path = ''] = line.split(' ');
      if (method !== 'POST') continue;
      const url = path.replace(/\{\w+\}/g, 'batch-20250115-a3f8e2b1');
      const headers = { 'content-type': type };
      const answer = await at.gateway.app.inject({ method: 'POST', url, headers, payload });
      expect(Object.keys(operation.responses)).toContain(String(answer.statusCode));
      const problem = problems(at.answerOf(line, String(answer.statusCode)), answer.json());
      expect([line, answer.statusCode, problem]).toEqual([line, status, []]);
    }
  });

  it('shows every error code that a route can answer with', () => {
    const responses = at.operations().flatMap(({ operation }) => Object.values(operation.responses));
    const examples = responses.flatMap((it) => Object.keys(it.content?.['application/json']?.examples ?? {}));
    const routeless = ['NOT_FOUND', 'METHOD_NOT_ALLOWED'];
    expect([...new Set(examples)].sort()).toEqual(
      ERROR_CODES.filter((code) => !routeless.includes(code)).sort(),
    );
  });
});

describe('a gateway with a token', () => {
  it('answers as the document says: 401 everywhere but to probes', async () => {
    const guarded = await ContractUnderTest.start({ MILLRACE_API_TOKEN: 'the-token-of-the-api' });
    for (const { line, operation } of at.operations()) {
      const [method = '', path = ''] = line.split(' ');
      const url = path.replace(/\{\w+\}/g, 'batch-20250115-a3f8e2b1');
      const answer = await guarded.gateway.app.inject({ method: method as 'GET' | 'POST', url });
      expect([line, answer.statusCode === 401]).toEqual([line, '401' in operation.responses]);
      if (answer.statusCode !== 401) continue;
      expect(problems(at.answerOf(line, '401'), answer.json())).toEqual([]);
    }
    await guarded.close();
  });
});
