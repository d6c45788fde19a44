import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { errorAnswer, answer } from './error-body';
import { requestIdOf } from './request-id';
import { SECURITY_HEADERS } from './security-headers';

/** Bytes of the largest request body: requests are short, so a large one is a mistake or an attack. */
export const BODY_LIMIT_BYTES = 64 * 1024;

const REQUEST_TIMEOUT_MS = 30_000;

/** Fastify itself refuses some requests before Nest sees them; those bodies are made here. */
export function fastifyOptions(): FastifyServerOptions {
  return {
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: requestIdOf,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // While closing, open connections get real answers (with our error bodies) and are closed after them.
    return503OnClosing: false,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const refused = errorAnswer(error, request.id, new Date());
      void reply
        .code(refused.httpStatus)
        .headers({ ...SECURITY_HEADERS, 'x-request-id': request.id })
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(refused.body));
    },
    clientErrorHandler: refuseUnreadable,
  };
}

/** What does not even parse as HTTP has no request yet: answer on the socket. */
function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = UNREADABLE[error.code ?? ''] ?? [
    '400 Bad Request',
    'This is not a readable HTTP request',
  ];
  const requestId = requestIdOf({ headers: {} });
  const body = JSON.stringify(answer('INVALID_REQUEST', message, requestId, new Date()).body);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const UNREADABLE: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time'],
};
