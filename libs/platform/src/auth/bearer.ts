import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time; the hashes make texts of different length comparable. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** True for `Bearer <token>`, and for `Basic` with the token as password (any user), which browsers can send. */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme === undefined || value === undefined) return false;
  if (scheme.toLowerCase() === 'bearer') return isSameSecret(value, token);
  if (scheme.toLowerCase() !== 'basic') return false;
  const credentials = Buffer.from(value, 'base64').toString('utf8');
  return isSameSecret(credentials.slice(credentials.indexOf(':') + 1), token);
}
