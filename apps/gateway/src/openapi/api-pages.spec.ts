import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { readonly content?: Record<string, { schema: { $ref?: string } }> }>;
}

interface Contract {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { properties?: Record<string, unknown> }> };
}

let gateway: TestGateway;
let contract: Contract;

beforeAll(async () => {
  gateway = await startTestGateway({
    batches: new InMemoryBatchRegistry(),
    streams: new InMemoryStreamRegistry(),
  });
  contract = (await gateway.app.inject('/openapi.json')).json();
});

afterAll(async () => {
  await gateway.app.close();
});

const operations = () =>
  Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      line: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );

describe('/openapi.json', () => {
  it('describes every route of the contract', () => {
    expect(operations().map(({ line }) => line)).toEqual(
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
        'GET /health',
        'GET /health/live',
        'GET /health/ready',
        'POST /stop',
      ]),
    );
  });

  it('names each operation once', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives every answer with a body a model that exists', () => {
    for (const { line, operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (status === '304') continue;
        const reference = content?.['application/json']?.schema.$ref ?? `nothing for ${line} ${status}`;
        expect(Object.keys(contract.components.schemas)).toContain(reference.split('/').at(-1));
      }
    }
  });

  it('derives the models from the schemas that check requests', () => {
    const { schemas } = contract.components;
    expect(Object.keys(schemas['BatchRequestModel']?.properties ?? {})).toEqual(
      expect.arrayContaining(['startDate', 'endDate', 'analysisType', 'filters']),
    );
    expect(schemas['ErrorModel']?.properties).toHaveProperty('error.enum');
  });
});

describe('/docs', () => {
  it('loads nothing from another origin', async () => {
    const page = await gateway.app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect((await gateway.app.inject('/docs/swagger-ui-bundle.js')).statusCode).toBe(200);
    expect((await gateway.app.inject('/docs/swagger-ui-init.js')).statusCode).toBe(200);
  });

  it.each(['/docs/..%2f..%2fpackage.json', '/docs/%2e%2e/package.json'])(
    'serves nothing but its files (%s)',
    async (url) => {
      const response = await gateway.app.inject(url);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ error: 'NOT_FOUND' });
    },
  );
});
