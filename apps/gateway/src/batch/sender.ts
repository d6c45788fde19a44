import { InvalidRequest } from '@millrace/domain';
import type { Requester } from '@millrace/domain';
import type { FastifyRequest } from 'fastify';

export const CLIENT_HEADER = 'X-Client-Id';
export const KEY_HEADER = 'Idempotency-Key';

const CLIENT_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const KEY = /^[\x20-\x7e]{1,255}$/;
const LONGEST_USER_AGENT = 256;

/** Who sends a submission, and the key that makes sending it again safe. */
export interface Sender {
  readonly requestedBy: Requester;
  readonly idempotencyKey: string | null;
}

/** @throws InvalidRequest naming the header that is wrong. */
export function senderOf(request: FastifyRequest): Sender {
  const client = singleHeader(request, CLIENT_HEADER);
  if (client !== undefined && !CLIENT_ID.test(client)) {
    throw wrongHeader(CLIENT_HEADER, 'must be 1 to 64 letters, digits, dots, dashes and underscores');
  }
  const idempotencyKey = singleHeader(request, KEY_HEADER);
  if (idempotencyKey !== undefined && !KEY.test(idempotencyKey)) {
    throw wrongHeader(KEY_HEADER, 'must be 1 to 255 printable ASCII characters');
  }
  const address = request.ip.replace(/^::ffff:/, '');
  return {
    requestedBy: {
      client: client ?? address,
      address,
      userAgent: request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null,
      requestId: request.id,
    },
    idempotencyKey: idempotencyKey ?? null,
  };
}

/** Node joins the values of a header that is sent twice: the raw ones tell. */
function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const { rawHeaders } = request.raw;
  const values = rawHeaders.filter(
    (_text, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name.toLowerCase(),
  );
  if (values.length > 1) throw wrongHeader(name, 'must be given once');
  return values[0];
}

function wrongHeader(path: string, message: string): InvalidRequest {
  return new InvalidRequest([{ path, message }]);
}
