import { posix } from 'node:path';

/** With a file system, and from its root on. */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*\/|\/(?!\/))/i;
const SCHEME_AND_HOST = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i;
/** What Hadoop reads as a pattern of several names. */
const PATTERN_SIGNS = /[[\]{}*?\\]/g;

/**
 * A path with its file system. What names none is of the local one, so that it never lands on the HDFS that may be Spark's default.
 * @throws TypeError for a path that is not absolute: it would depend on where the server was started.
 */
export function withFileSystem(path: string): string {
  if (ABSOLUTE.test(path)) return path;
  if (path.startsWith('/')) return `file://${path}`;
  throw new TypeError(
    `${path} is no absolute path: begin it with / or with a file system, as hdfs://host:8020/`,
  );
}

/**
 * A path as Spark's readers take it: this one and no other, whatever signs its name has.
 * @throws TypeError for a path that is not absolute.
 */
export function literalPath(path: string): string {
  return withFileSystem(path).replace(PATTERN_SIGNS, '\\$&');
}

/** Where a path leads within its file system, as Hadoop spells it: without a slash at the end. */
export function pathWithin(path: string): string {
  return posix.normalize(path.replace(SCHEME_AND_HOST, '')).replace(/\/$/, '');
}
