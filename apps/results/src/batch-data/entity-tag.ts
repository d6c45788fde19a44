import { createHash } from 'node:crypto';

/** Part of every tag: raise it when the same rows are written differently, so that no client keeps the old bytes. */
const REPRESENTATION = '4';

/** Strong tag. The version of a table never changes, so the bytes follow from the facts that tell what was asked for. */
export function entityTag(facts: readonly unknown[]): string {
  const text = JSON.stringify([REPRESENTATION, ...facts]);
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names the tag. Compared weakly, as the header is defined. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map((item) => item.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}
