import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { PreconditionFailed, RangeNotSatisfiable } from '@millrace/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { conditionOf } from '../batch-data/entity-tag';
import { noBody } from '../batch-data/no-body';
import { byteRange } from './byte-range';
import type { ByteRange } from './byte-range';
import type { KeptFile } from './room-of-files';

/**
 * Sends a file, or what of it is asked for, or that the client has it.
 *
 * @param headers of the file as a whole.
 * @throws PreconditionFailed, RangeNotSatisfiable
 */
export function answerWithFile(
  file: KeptFile,
  headers: Readonly<Record<string, string>>,
  request: FastifyRequest,
  reply: FastifyReply,
): Readable | undefined {
  // Of the bytes and not of the question: parts of two files must never be put together.
  const etag = `"${file.digest}"`;
  const [range, status] = partOf(file, etag, request);
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${String(file.size)}`);
    throw new RangeNotSatisfiable(file.size);
  }
  void reply.code(status).headers({ ...headers, etag, 'accept-ranges': 'bytes' });
  if (status === 304) return noBody(request);
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  if (range !== undefined)
    void reply.header('content-range', `bytes ${String(start)}-${String(end)}/${String(file.size)}`);
  void reply.header('content-length', String(end - start + 1));
  return noBody(request) ?? createReadStream(file.path, { start, end });
}

type Part = readonly [range: ByteRange | 'unsatisfiable' | undefined, status: 200 | 206 | 304];

/** In the order of RFC 9110, 13.2.2. */
function partOf({ size }: KeptFile, etag: string, { method, headers }: FastifyRequest): Part {
  const condition = conditionOf(headers, etag);
  if (condition === 'failed') throw new PreconditionFailed();
  if (condition === 'known') return [undefined, 304];
  const ifRange = headers['if-range'];
  // A date never holds: the file has none.
  if (method !== 'GET' || (ifRange !== undefined && ifRange !== etag)) return [undefined, 200];
  const range = byteRange(headers.range, size);
  return [range, range === undefined ? 200 : 206];
}
