import type { FastifyReply } from 'fastify';
import type { ErrorAnswer } from './error-body';

/** Where nobody knows better. */
const RETRY_AFTER_SECONDS = 5;

/** Writes an error answer, with the headers that its status asks for. */
export function sendError(reply: FastifyReply, { httpStatus, body, retryAfterSeconds }: ErrorAnswer): void {
  if (httpStatus === 401) {
    void reply.header('www-authenticate', 'Basic realm="millrace", Bearer realm="millrace"');
  }
  if (httpStatus === 503) {
    void reply.header('retry-after', String(retryAfterSeconds ?? RETRY_AFTER_SECONDS));
  }
  void reply
    .code(httpStatus)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}
