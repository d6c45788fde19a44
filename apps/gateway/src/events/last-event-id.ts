import { InvalidRequest } from '@millrace/domain';
import type { FastifyRequest } from 'fastify';
import { parseQuery } from '@millrace/platform';
import { z } from 'zod';

const HEADER = 'last-event-id';
const EVENT_ID = /^\d{1,15}$/;
const MESSAGE = 'must be the id of an event: a whole number';

const querySchema = z.strictObject({
  lastEventId: z.string().regex(EVENT_ID, { error: MESSAGE }).optional(),
});

/**
 * The last event that the client has; undefined when it begins. The header wins: a browser that connects again sends it
 * with the URL that it began with.
 * @throws InvalidRequest
 */
export function lastEventIdOf({
  headers,
  query,
}: Pick<FastifyRequest, 'headers' | 'query'>): number | undefined {
  const { lastEventId } = parseQuery(querySchema, query);
  const header = headers[HEADER];
  if (header === undefined || header === '')
    return lastEventId === undefined ? undefined : Number(lastEventId);
  if (typeof header !== 'string' || !EVENT_ID.test(header)) {
    throw new InvalidRequest([{ path: 'Last-Event-ID', message: MESSAGE }]);
  }
  return Number(header);
}
