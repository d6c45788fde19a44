import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Where state lives. */
export const HOME = resolve(ROOT, process.env.MILLRACE_HOME || '.millrace');

/** The log of one preparing step. */
export function logFile(name) {
  const folder = join(HOME, 'logs');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.log`);
}
