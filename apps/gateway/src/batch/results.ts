import { Readable } from 'node:stream';
import type { ServiceClient } from '@millrace/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryOf } from './query-of';

/** Request headers that the results service understands. */
const REQUEST_HEADERS = ['accept', 'if-match', 'if-none-match'] as const;

/** That ask for a part; of whoever wants the headers alone they mean nothing. */
const RANGE_HEADERS = ['range', 'if-range'] as const;

/** Response headers that belong to the rows rather than to the connection. */
const RESPONSE_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'accept-ranges',
  'cache-control',
  'delta-table-version',
  'etag',
  'last-modified',
  'vary',
  'link',
  'retry-after',
  'x-total-count',
  'x-page-size',
  'x-page-offset',
] as const;

/** A client that takes nothing for so long is given up: what it was to get waits in memory meanwhile. */
const LONGEST_STALL_MS = 300_000;

/** A download in another order, or as a file, has no first byte before all rows are sorted, and may wait for others to be. */
const DOWNLOAD_TIMEOUT_MS = 270_000;

/** Passes rows through from the results service: status, headers and body as they come, the body as a stream. */
export class Results {
  constructor(private readonly client: ServiceClient) {}

  /** @param path below the results service, made of checked parts only. */
  async passThrough(path: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      gone.abort();
    });
    if (reply.raw.destroyed) gone.abort();
    const response = await this.client.open({
      path: `${path}${queryOf(request.url)}`,
      headers: headersFor(request),
      signal: gone.signal,
      ...(isDownload(request) && { timeoutMs: DOWNLOAD_TIMEOUT_MS }),
    });
    if (response.status === 401) throw new Error('The results service refused the internal token');
    for (const name of RESPONSE_HEADERS) {
      const value = response.headers.get(name);
      if (value !== null) void reply.header(name, value);
    }
    void reply.code(response.status);
    await reply.send(bodyOf(response, request, reply));
  }
}

function bodyOf({ body }: Response, request: FastifyRequest, { raw }: FastifyReply): Readable | undefined {
  if (request.method === 'HEAD') {
    // It may have broken off already, which is nobody's loss.
    body?.cancel().catch(() => undefined);
    // Of an answer without a body the framework would say that it has a length of 0.
    return Readable.from([]);
  }
  if (body === null) return undefined;
  raw.setTimeout(LONGEST_STALL_MS, () => raw.destroy());
  return Readable.fromWeb(body).on('error', () => {
    // A connection that only ended would look to an HTTP/1.0 client as if that had been all.
    if (raw.headersSent) raw.socket?.resetAndDestroy();
  });
}

/** Whether it asks for a stream or a file of rows and not for a page. */
function isDownload({ url, headers }: FastifyRequest): boolean {
  return /[?&]format=(?!json)/.test(url) || /ndjson|csv|arrow|parquet/i.test(headers.accept ?? '');
}

function headersFor(request: FastifyRequest): Record<string, string> {
  // The body is passed on byte by byte, so it must not be compressed for this hop alone.
  const headers: Record<string, string> = { 'x-request-id': request.id, 'accept-encoding': 'identity' };
  const ofParts = request.method === 'HEAD' ? [] : RANGE_HEADERS;
  for (const name of [...REQUEST_HEADERS, ...ofParts]) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}
