import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';

/** Of an answer to HEAD without anything the framework would say that what is asked for has a length of 0. */
export const noBody = ({ method }: FastifyRequest): Readable | undefined =>
  method === 'HEAD' ? Readable.from([]) : undefined;
