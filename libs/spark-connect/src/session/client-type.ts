import { arch, platform } from 'node:os';

const LIBRARY = 'spark-connect-js/0.1.0';
/** The Spark whose protocol files `src/generated` was made from. */
const PROTOCOL_VERSION = '4.0.1';
const MAX_LENGTH = 2048;

/**
 * How this client introduces itself, in requests and in the header `user-agent`: `<name> <library> spark/<v> node/<v> os/<os>`.
 * What is not printable ASCII in the name is percent-encoded (a header could not carry it), and a long name is cut, so that the
 * whole stays within what the server accepts.
 */
export function clientTypeOf(userAgent: string | undefined): string {
  const fixed = `${LIBRARY} spark/${PROTOCOL_VERSION} node/${process.versions.node} os/${platform()}-${arch()}`;
  if (userAgent === undefined) return fixed;
  // By way of bytes, because half a surrogate pair cannot be encoded.
  const name = Buffer.from(userAgent)
    .toString()
    .replace(/[^\x20-\x7e]/gu, encodeURIComponent);
  return `${name.slice(0, MAX_LENGTH - fixed.length - 1)} ${fixed}`;
}
