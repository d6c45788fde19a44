import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { ServiceUnavailable } from '@millrace/domain';
import { errorAnswer, sendError } from '@millrace/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What `apps/web` is built to. */
export const WEB_PAGES_FOLDER = join(__dirname, '..', '..', '..', 'web', 'dist', 'public');

/** Addresses that people open; the script of the page finds out which one it is on. */
const PAGES = ['/batches', '/batches/:batchId'];
const PLACE_OF_SETTINGS = '%MILLRACE_SETTINGS%';

/** Stricter than that of the bundled pages: nothing is inline here. */
const POLICY = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export interface WebPagesOptions {
  readonly folder: string;
  /** What the script of the pages needs to know. */
  readonly settings: { readonly pollMs: number };
}

/** The pages for people, and the files that they consist of. */
export function registerWebPages(instance: FastifyInstance, { folder, settings }: WebPagesOptions): void {
  const html = pageOf(folder, settings);
  const send = (request: FastifyRequest, reply: FastifyReply) => {
    if (html === undefined) {
      const missing = new ServiceUnavailable('The pages are not built: npm run build makes them');
      sendError(reply, errorAnswer(missing, request.id, new Date()));
      return;
    }
    void reply
      .header('content-security-policy', POLICY)
      // It names files of this build.
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html);
  };
  instance.get('/', (_request, reply) => reply.redirect('/batches'));
  for (const page of PAGES) instance.get(page, send);
  if (html === undefined) return;
  void instance.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    // Routes for the files that are there now, and for no other path.
    wildcard: false,
    decorateReply: false,
    immutable: true,
    maxAge: '365d',
  });
}

function pageOf(folder: string, settings: WebPagesOptions['settings']): string | undefined {
  const file = join(folder, 'index.html');
  if (!existsSync(file)) return undefined;
  const written = JSON.stringify(settings).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return readFileSync(file, 'utf8').replace(PLACE_OF_SETTINGS, () => written);
}
