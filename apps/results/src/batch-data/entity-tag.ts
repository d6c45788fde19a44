import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Part of every tag: raise it when the same rows are written differently, so that no client keeps the old bytes. */
const REPRESENTATION = '4';

/** Strong tag. The version of a table never changes, so the bytes follow from the facts that tell what was asked for. */
export function entityTag(facts: readonly unknown[]): string {
  const text = JSON.stringify([REPRESENTATION, ...facts]);
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** What becomes of a request with conditions: it is refused, or its client has the answer, or it is answered. */
type Condition = 'failed' | 'known' | 'met';

/** In the order of RFC 9110, 13.2.2. */
export function conditionOf(headers: IncomingHttpHeaders, tag: string): Condition {
  if (!isMatched(headers['if-match'], tag)) return 'failed';
  return isKnownTag(headers['if-none-match'], tag) ? 'known' : 'met';
}

/** Compared strongly, as the header is defined: a weak tag names nothing. */
function isMatched(ifMatch: string | undefined, tag: string): boolean {
  if (ifMatch === undefined) return true;
  const tags = tagsIn(ifMatch);
  return tags.includes('*') || tags.includes(tag);
}

/** Compared weakly, as the header is defined. */
function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = tagsIn(ifNoneMatch).map((one) => one.replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}

const tagsIn = (header: string) => header.split(',').map((item) => item.trim());
