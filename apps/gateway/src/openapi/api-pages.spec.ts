import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    batches: new InMemoryBatchRegistry(),
    streams: new InMemoryStreamRegistry(),
  });
});

afterAll(async () => {
  await gateway.app.close();
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
