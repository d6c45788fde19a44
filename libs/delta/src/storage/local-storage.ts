import { createReadStream } from 'node:fs';
import type { Stats } from 'node:fs';
import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeltaFileMissing, DeltaTableNotFound, UnsafeDeltaPath, isDeltaError } from '../error/delta-error';
import { linesOf } from './lines-of';
import type { TableFiles, TableStorage, WantedFiles } from './table-storage';

/** Tables in folders below one local folder. The folder need not exist yet: the first writer makes it. */
export class LocalStorage implements TableStorage {
  private readonly base: string;

  /** @param root directory, or a `file:` URI as Spark spells it. */
  constructor(root: string) {
    this.base = localPath(root);
  }

  async openTable(tablePath: string): Promise<TableFiles> {
    try {
      return new LocalTableFiles(await this.resolve(tablePath));
    } catch (cause) {
      throw isMissing(cause) ? new DeltaTableNotFound(tablePath, { cause }) : cause;
    }
  }

  async listFolders(path: string): Promise<string[]> {
    try {
      const entries = await readdir(await this.resolve(path), { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    } catch (cause) {
      if (isMissing(cause)) return [];
      throw cause;
    }
  }

  async localFolder(): Promise<string> {
    return realpath(this.base).catch(() => this.base);
  }

  /** Nothing is held here, so one after the other will do. */
  async withTables<T>(
    wanted: readonly WantedFiles[],
    read: (locations: readonly (readonly string[])[]) => Promise<T>,
  ): Promise<T> {
    const located = wanted.map(({ table, paths }) =>
      table.withLocal(paths, (names) => Promise.resolve(names)),
    );
    return read(await Promise.all(located));
  }

  /** A folder is always there: an absent one has no tables yet. */
  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The real path of a folder below the root. */
  private async resolve(folder: string): Promise<string> {
    const path = localPath(folder);
    if (!isWithin(this.base, path) && !isWithin(await this.localFolder(), path)) {
      throw new UnsafeDeltaPath(folder, 'it lies outside the root');
    }
    const address = await realpath(path);
    // Asked again of the real path: a symbolic link on the way may lead out.
    if (!isWithin(await this.localFolder(), address))
      throw new UnsafeDeltaPath(folder, 'it lies outside the root');
    return address;
  }
}

class LocalTableFiles implements TableFiles {
  readonly isLocal = true;
  /** By path: a table of many files would else be located anew for each page. */
  private readonly located = new Map<string, string>();

  constructor(readonly address: string) {}

  async list(directory: string): Promise<string[]> {
    try {
      return await readdir(join(this.address, directory));
    } catch (cause) {
      if (isMissing(cause)) return [];
      throw cause;
    }
  }

  async readText(path: string): Promise<string> {
    return readFile(await this.locate(path), 'utf8');
  }

  async *readLines(path: string): AsyncIterable<string> {
    yield* linesOf(createReadStream(await this.locate(path)));
  }

  async size(path: string): Promise<number | undefined> {
    return (await this.stat(path))?.size;
  }

  async modifiedAt(path: string): Promise<Date | undefined> {
    const stats = await this.stat(path);
    // Cut as Java cuts it; Node would round `mtime`.
    return stats && new Date(Math.floor(stats.mtimeMs));
  }

  private async stat(path: string): Promise<Stats | undefined> {
    try {
      return await stat(await this.locate(path));
    } catch (error) {
      if (isDeltaError(error) && error.reason === 'FILE_MISSING') return undefined;
      throw error;
    }
  }

  async withLocal<T>(
    paths: readonly string[],
    read: (locations: readonly string[]) => Promise<T>,
  ): Promise<T> {
    return read(await Promise.all(paths.map((path) => this.locateOnce(path))));
  }

  private async locateOnce(path: string): Promise<string> {
    const location = this.located.get(path) ?? (await this.locate(path));
    this.located.set(path, location);
    return location;
  }

  private async locate(path: string): Promise<string> {
    const file = await realpath(join(this.address, path)).catch((cause: unknown) => {
      throw isMissing(cause) ? new DeltaFileMissing(join(this.address, path), { cause }) : cause;
    });
    if (!isWithin(this.address, file)) throw new UnsafeDeltaPath(path, 'it leads outside the table');
    return file;
  }
}

function localPath(path: string): string {
  if (path.startsWith('file:')) return fileUriToPath(path);
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) throw new UnsafeDeltaPath(path, 'only local folders can be read');
  if (path === '' || path.includes('\0')) throw new UnsafeDeltaPath(path, 'it is not a path');
  return resolve(path);
}

/** Hadoop writes `file:/a` as well as `file:///a`; a host is never ours. */
function fileUriToPath(uri: string): string {
  try {
    return resolve(fileURLToPath(uri));
  } catch {
    throw new UnsafeDeltaPath(uri, 'it is not a local file URI');
  }
}

function isWithin(directory: string, path: string): boolean {
  const prefix = directory.endsWith(sep) ? directory : directory + sep;
  return path === directory || path.startsWith(prefix);
}

/** By shape: errors of Node are made in another realm than ours where code runs in a VM context, as in Jest. */
function isMissing(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ENOENT' || error.code === 'ENOTDIR';
}
