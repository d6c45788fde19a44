import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObjectStore } from '@millrace/delta';
import type { ConfigOf } from '@millrace/platform';
import type { storageSettings } from '../config';

type Folders = Pick<ConfigOf<typeof storageSettings>, 'cacheDirectory' | 'deltaBasePath'>;

const NAME = /^millrace-exports-(\d+)-[\da-f]{16}$/;

/**
 * The folder of exports of this process: a new one, by a name that nobody can have taken before.
 *
 * @throws Error where it would be among the tables.
 */
export function exportFolder({ cacheDirectory, deltaBasePath }: Folders): string {
  const name = `millrace-exports-${String(process.pid)}-${randomBytes(8).toString('hex')}`;
  if (cacheDirectory === undefined) return join(tmpdir(), name);
  if (!isObjectStore(deltaBasePath) && isWithin(localPath(deltaBasePath), resolve(cacheDirectory))) {
    throw new Error('RESULTS_CACHE_DIRECTORY must be a folder outside of DELTA_BASE_PATH');
  }
  return join(resolve(cacheDirectory), name);
}

/**
 * Removes what processes that were killed left beside a folder of exports. What cannot be removed keeps nobody from starting.
 *
 * @param own of this process, which was not made yet: in a container the one that was killed had the same pid.
 */
export async function removeLeftovers(own: string): Promise<void> {
  const parent = dirname(own);
  const names = await readdir(parent).catch(() => []);
  const left = names.filter((name) => {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    return !Number.isNaN(pid) && name !== basename(own) && (pid === process.pid || !isRunning(pid));
  });
  for (const name of left)
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

const localPath = (path: string): string => resolve(path.startsWith('file:') ? fileURLToPath(path) : path);

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}
