import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObjectStore } from '@millrace/delta';
import type { ConfigOf } from '@millrace/platform';
import type { storageSettings } from '../config';

type Folders = Pick<ConfigOf<typeof storageSettings>, 'cacheDirectory' | 'deltaBasePath'>;

const TEMPORARY_NAME = /^millrace-exports-(\d+)$/;

/**
 * The folder of exports of this process.
 *
 * @throws Error where it would be among the tables.
 */
export function exportFolder({ cacheDirectory, deltaBasePath }: Folders): string {
  if (cacheDirectory === undefined) return join(tmpdir(), `millrace-exports-${String(process.pid)}`);
  if (!isObjectStore(deltaBasePath) && isWithin(localPath(deltaBasePath), resolve(cacheDirectory))) {
    throw new Error('RESULTS_CACHE_DIRECTORY must be a folder outside of DELTA_BASE_PATH');
  }
  return join(resolve(cacheDirectory), 'exports');
}

/** Removes what processes that were killed left in the folders they had. What cannot be removed keeps nobody from starting. */
export async function removeLeftovers(own: string, temporary = tmpdir()): Promise<void> {
  const names = await readdir(temporary).catch(() => []);
  const left = names.filter((name) => {
    const pid = TEMPORARY_NAME.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  for (const folder of [own, ...left.map((name) => join(temporary, name))])
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
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
