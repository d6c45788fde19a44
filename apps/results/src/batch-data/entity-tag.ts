import { createHash } from 'node:crypto';
import type { PageQuery } from '@millrace/domain';

/** Part of every tag: raise it when the same rows are written differently, so that no client keeps the old bytes. */
const REPRESENTATION = 'json-1';

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
  query: PageQuery,
): string {
  const facts = [REPRESENTATION, batchId, result, versions.join(), query.limit, query.offset].join('/');
  return `"${createHash('sha256').update(facts).digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names the tag. Compared weakly, as the header is defined. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map((item) => item.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}
