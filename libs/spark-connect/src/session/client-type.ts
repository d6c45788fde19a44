import { arch, platform } from 'node:os';

const LIBRARY = 'spark-connect-js/0.1.0';
const MAX_LENGTH = 2048;

/** The user agent of the requests: `<name> <library> node/<v> os/<os>`, cut to what the server accepts. */
export function clientTypeOf(userAgent: string | undefined): string {
  const name = userAgent === undefined ? '' : `${userAgent} `;
  return `${name}${LIBRARY} node/${process.versions.node} os/${platform()}-${arch()}`.slice(0, MAX_LENGTH);
}
