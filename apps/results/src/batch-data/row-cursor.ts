import { createHash } from 'node:crypto';
import { InvalidRequest } from '@millrace/domain';
import { z } from 'zod';

/** How far, and of which rows. */
const cursorSchema = z.tuple([z.int().min(0), z.string()]);

/**
 * The place after some rows, as a text that a client only passes on. It stays right as long as the batch is there: of which version the
 * rows are follows from the request, and in a version they have one order.
 *
 * @param rows tells the rows that are paged apart from any others.
 */
export function cursorAt(offset: number, rows: string): string {
  return Buffer.from(JSON.stringify([offset, rows])).toString('base64url');
}

/** @throws InvalidRequest for what `cursorAt` did not give for these rows. */
export function offsetAt(cursor: string, rows: string): number {
  const [offset, of] = decoded(cursor) ?? [];
  if (offset === undefined) refuse('must be a nextCursor of an earlier answer');
  if (of !== rows)
    refuse('is of another request: the other parameters must be the same, apart from limit and format');
  return offset;
}

/** Short text that differs where the facts do. */
export function fingerprint(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 16);
}

function decoded(cursor: string) {
  try {
    const [offset, rows] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return cursorAt(offset, rows) === cursor ? ([offset, rows] as const) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(message: string): never {
  throw new InvalidRequest([{ path: 'cursor', message }]);
}
