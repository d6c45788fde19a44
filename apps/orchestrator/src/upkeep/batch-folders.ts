import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBatchId } from '@millrace/domain';

/** What batches left on disk, a folder each. */
export interface BatchFolders {
  /** Ids of the batches that have a folder, in their order. */
  list(): Promise<string[]>;
  /** Removes the folder with all it holds. What is done already is not done again; a symbolic link is not followed. */
  remove(batchId: string): Promise<void>;
}

const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** The folder as this process sees it; undefined where the URI is one of another file system. */
export function localFolder(pathOrUri: string): string | undefined {
  if (!SCHEME.test(pathOrUri)) return path.resolve(pathOrUri);
  if (!pathOrUri.startsWith('file:/')) return undefined;
  // Hadoop writes `file:/a` as well as `file:///a`.
  return fileURLToPath(new URL(pathOrUri));
}

/** Folders below one folder of the local file system. */
export class LocalBatchFolders implements BatchFolders {
  constructor(private readonly root: string) {}

  async list(): Promise<string[]> {
    const entries = await readdir(this.root, { withFileTypes: true }).catch((error: unknown) => {
      // No batch has written anything yet.
      if (isMissing(error)) return [];
      throw error;
    });
    const folders = entries.filter((entry) => entry.isDirectory() && isBatchId(entry.name));
    return folders.map(({ name }) => name).sort();
  }

  async remove(batchId: string): Promise<void> {
    if (!isBatchId(batchId)) throw new Error(`Not a batch id: ${JSON.stringify(batchId)}`);
    const folder = path.join(this.root, batchId);
    const status = await lstat(folder).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    // `rm` removes links inside of the folder, and never what they point to.
    if (status?.isDirectory() === true) await rm(folder, { recursive: true, force: true });
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
