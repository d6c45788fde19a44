import { UnsafeDeltaPath } from '../error/delta-error';

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Decodes `path` of an add or remove action (a URI relative to the table, encoded once) to a file name relative to the
 * table. The log is input that somebody else wrote: whatever could name a file outside the table is refused, absolute
 * URIs that the protocol allows included.
 *
 * @throws UnsafeDeltaPath
 */
export function decodeDataFilePath(encoded: string): string {
  if (SCHEME.test(encoded)) throw new UnsafeDeltaPath(encoded, 'it is absolute');
  const decoded = decodeOnce(encoded);
  if (decoded.startsWith('/')) throw new UnsafeDeltaPath(encoded, 'it is absolute');
  if (decoded.includes('\0')) throw new UnsafeDeltaPath(encoded, 'it has a NUL character');
  if (decoded.split(/[/\\]/).some((part) => part === '..' || part === '.' || part === '')) {
    throw new UnsafeDeltaPath(encoded, 'it has an empty or a dot segment');
  }
  return decoded;
}

function decodeOnce(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new UnsafeDeltaPath(encoded, 'it is not a well-formed URI');
  }
}
