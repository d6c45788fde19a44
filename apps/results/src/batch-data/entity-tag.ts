import { createHash } from 'node:crypto';
import type { DataQuery } from './data-query';

/** Part of every tag: raise it when the same rows are written differently, so that no client keeps the old bytes. */
const REPRESENTATION = '2';

/**
 * Strong tag of a page. The version of a table never changes, so its bytes follow from what was asked for.
 *
 * @param result the body it is about: `raw`, or the name of an analysis.
 * @param versions of all tables in it.
 */
export function entityTag(
  batchId: string,
  result: string,
  versions: readonly bigint[],
  { format, columns, limit, offset }: DataQuery,
): string {
  const facts = JSON.stringify([
    REPRESENTATION,
    format,
    batchId,
    result,
    versions.join(),
    columns,
    limit,
    offset,
  ]);
  return `"${createHash('sha256').update(facts).digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names the tag. Compared weakly, as the header is defined. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map((item) => item.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}
