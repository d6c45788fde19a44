import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { registerWebPages } from './web-pages';

let folder: string;
let server: FastifyInstance;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  server = Fastify();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function build(): void {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'export {};');
  writeFileSync(join(folder, 'index.html'), '<meta name="millrace-settings" content="%MILLRACE_SETTINGS%">');
}

const register = () => {
  registerWebPages(server, { folder, settings: { pollMs: 1_500 } });
};

it('begins with the batches', async () => {
  build();
  register();
  const answer = await server.inject('/');
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/batches']);
});

it.each(['/batches', '/batches?status=FAILED', '/batches/batch-20250115-a3f8e2b1'])(
  'serves the page with its settings, and lets nothing in from elsewhere: %s',
  async (url) => {
    build();
    register();
    const { statusCode, headers, body } = await server.inject(url);
    expect([statusCode, body]).toEqual([
      200,
      '<meta name="millrace-settings" content="{&quot;pollMs&quot;:1500}">',
    ]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringMatching(/^default-src 'self'; (?!.*unsafe)/) as string,
    });
  },
);

it('serves the files of the build for good, and no others', async () => {
  build();
  register();
  const script = await server.inject('/assets/index-1.js');
  expect([script.statusCode, script.body]).toEqual([200, 'export {};']);
  expect(script.headers['cache-control']).toContain('immutable');
  for (const url of ['/assets/', '/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/other.js']) {
    expect((await server.inject(url)).statusCode).toBe(404);
  }
});

it('says what to do where nobody has built the pages', async () => {
  register();
  const answer = await server.inject('/batches');
  expect([answer.statusCode, answer.json()]).toMatchObject([
    503,
    { error: 'SERVICE_UNAVAILABLE', message: 'The pages are not built: npm run build makes them' },
  ]);
});
