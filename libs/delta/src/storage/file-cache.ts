import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ServiceUnavailable, isMillraceError } from '@millrace/domain';
import { isDeltaError } from '../error/delta-error';
import { Turns } from '../turns';

/** A file that never changes, and how to get it. */
export interface RemoteFile {
  /** Of this content alone: another one has another name. 64 hexadecimal digits. */
  readonly name: string;
  readonly size: number;
  fetch(): AsyncIterable<Uint8Array>;
}

interface Entry {
  readonly size: number;
  /** Reads that need the file now. */
  holders: number;
  /** It is there in full. */
  ready: Promise<void>;
}

interface Waiting {
  readonly files: readonly RemoteFile[];
  admit(entries: readonly Entry[]): void;
}

const DOWNLOADS_AT_ONCE = 8;
const FILE_NAME = /^[0-9a-f]{64}$/;
const PART_NAME = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.part$/;
const MIB = 1_048_576;

/**
 * Copies of files in a local folder, bounded by their sizes together. A read holds its files, all from the start, and they stay
 * until it has ended; of the others the one that was not used for longest goes first. A read that has no room waits for those
 * before it. Two reads of a file share its download.
 *
 * A folder belongs to one process at a time. What an earlier one left there is used.
 */
export class FileCache {
  /** Those used last are at the end: a Map keeps the order of insertion. */
  private readonly entries = new Map<string, Entry>();
  private readonly waiting: Waiting[] = [];
  private readonly downloads = new Turns(DOWNLOADS_AT_ONCE);
  private totalBytes = 0;
  private heldBytes = 0;
  /** One after the other, and before whatever comes after them, so that no file is removed that was fetched again. */
  private removals: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** @throws ServiceUnavailable where the folder cannot be used. */
  static async open(folder: string, maxBytes: number): Promise<FileCache> {
    try {
      await mkdir(folder, { recursive: true });
      const cache = new FileCache(await realpath(folder), maxBytes);
      await cache.adopt();
      return cache;
    } catch (error) {
      throw localFailure(folder, error);
    }
  }

  /**
   * Gives `read` the names of files, in their order, that are there until it has ended.
   *
   * @throws ServiceUnavailable where the files have no room together, or the folder cannot be written; what `fetch` throws.
   */
  async use<T>(files: readonly RemoteFile[], read: (locations: readonly string[]) => Promise<T>): Promise<T> {
    const wanted = [...new Map(files.map((file) => [file.name, file])).values()];
    const bytes = sizeOf(wanted);
    if (bytes > this.maxBytes) throw tooSmall(bytes, this.maxBytes);
    const entries = await this.hold(wanted);
    try {
      // Not before all have settled: what is still being fetched must be held.
      const settled = await Promise.allSettled(entries.map(({ ready }) => ready));
      for (const result of settled) if (result.status === 'rejected') throw result.reason;
      return await read(files.map(({ name }) => this.locationOf(name)));
    } finally {
      this.release(entries);
    }
  }

  /** Takes over what an earlier process fetched in full, oldest first. Files that are not of a cache are left alone. */
  private async adopt(): Promise<void> {
    const names = await readdir(this.folder);
    for (const name of names.filter((it) => PART_NAME.test(it)))
      await rm(join(this.folder, name), { force: true });
    const found = await Promise.all(
      names
        .filter((name) => FILE_NAME.test(name))
        .map(async (name) => ({ name, stats: await stat(this.locationOf(name)) })),
    );
    found.sort((one, other) => one.stats.mtimeMs - other.stats.mtimeMs);
    for (const { name, stats } of found) {
      this.entries.set(name, { size: stats.size, holders: 0, ready: Promise.resolve() });
      this.totalBytes += stats.size;
    }
    this.evict();
    await this.removals;
  }

  /** All files of a read at once: two that each hold what the other waits for would wait for ever. */
  private hold(files: readonly RemoteFile[]): Promise<readonly Entry[]> {
    if (this.waiting.length === 0 && this.hasRoomFor(files)) return Promise.resolve(this.take(files));
    return new Promise((admit) => this.waiting.push({ files, admit }));
  }

  private hasRoomFor(files: readonly RemoteFile[]): boolean {
    const others = files.filter(({ name }) => (this.entries.get(name)?.holders ?? 0) === 0);
    return this.heldBytes + sizeOf(others) <= this.maxBytes;
  }

  private take(files: readonly RemoteFile[]): readonly Entry[] {
    const entries = files.map((file) => this.takeOne(file));
    this.evict();
    return entries;
  }

  private takeOne(file: RemoteFile): Entry {
    const entry = this.knownEntry(file) ?? { size: file.size, holders: 0, ready: Promise.resolve() };
    // To the end: it is the one used last.
    if (!this.entries.delete(file.name)) this.totalBytes += entry.size;
    this.entries.set(file.name, entry);
    if (entry.holders === 0) {
      this.heldBytes += entry.size;
      entry.ready = this.provide(file, entry);
    }
    entry.holders += 1;
    return entry;
  }

  /** Undefined for a file that is there with another size: a process was killed, or the disk was full. */
  private knownEntry({ name, size }: RemoteFile): Entry | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined || entry.size === size) return entry;
    this.forget(name, entry);
    return undefined;
  }

  private release(entries: readonly Entry[]): void {
    for (const entry of entries) {
      entry.holders -= 1;
      if (entry.holders === 0) this.heldBytes -= entry.size;
    }
    for (
      let next = this.waiting[0];
      next !== undefined && this.hasRoomFor(next.files);
      next = this.waiting[0]
    ) {
      this.waiting.shift();
      next.admit(this.take(next.files));
    }
  }

  private evict(): void {
    for (const [name, entry] of this.entries) {
      if (this.totalBytes <= this.maxBytes) return;
      if (entry.holders > 0) continue;
      this.forget(name, entry);
      this.removals = this.removals.then(() => this.remove(name));
    }
  }

  private forget(name: string, entry: Entry): void {
    if (this.entries.get(name) !== entry) return;
    this.entries.delete(name);
    this.totalBytes -= entry.size;
  }

  /** Fetches a file unless it is there; somebody may have tidied up the folder. */
  private async provide(file: RemoteFile, entry: Entry): Promise<void> {
    await this.removals;
    const stats = await stat(this.locationOf(file.name)).catch(() => undefined);
    if (stats?.size === file.size) return;
    try {
      await this.downloads.run(() => this.download(file));
    } catch (error) {
      this.forget(file.name, entry);
      throw isExpected(error) ? error : localFailure(this.folder, error);
    }
  }

  /** Under another name until it is there in full. */
  private async download(file: RemoteFile): Promise<void> {
    const part = join(this.folder, `${file.name}.${randomUUID()}.part`);
    try {
      // There before anything can fail: a file that is still being opened would be made after it was removed.
      const handle = await open(part, 'wx');
      await pipeline(file.fetch(), inFull(file.size), handle.createWriteStream());
      await rename(part, this.locationOf(file.name));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /** What cannot be removed now is counted again by the next process. */
  private async remove(name: string): Promise<void> {
    await rm(this.locationOf(name), { force: true }).catch(() => undefined);
  }

  private locationOf(name: string): string {
    return join(this.folder, name);
  }
}

function inFull(size: number) {
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      yield chunk;
    }
    if (bytes === size) return;
    throw new ServiceUnavailable(`A file of ${size} bytes came with ${bytes} from its store: ask again`);
  };
}

const sizeOf = (files: readonly RemoteFile[]): number => files.reduce((sum, { size }) => sum + size, 0);

const isExpected = (error: unknown): boolean => isMillraceError(error) || isDeltaError(error);

function tooSmall(bytes: number, maxBytes: number): ServiceUnavailable {
  const [needed, there] = [Math.ceil(bytes / MIB), Math.floor(maxBytes / MIB)];
  return new ServiceUnavailable(
    `This needs ${needed} MiB of table files at once and the local cache has ${there}: set RESULTS_CACHE_MIB to more`,
  );
}

function localFailure(folder: string, cause: unknown): ServiceUnavailable {
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  return new ServiceUnavailable(
    `The local cache of table files cannot be kept in ${folder} (${code}): free its disk, or set RESULTS_CACHE_DIRECTORY to a folder that can be written`,
    { cause },
  );
}
