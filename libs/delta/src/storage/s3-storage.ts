import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaFileMissing, DeltaTableNotFound, UnsafeDeltaPath } from '../error/delta-error';
import { FileCache } from './file-cache';
import type { RemoteFile } from './file-cache';
import { linesOf } from './lines-of';
import { S3Bucket } from './s3-bucket';
import type { S3ClientOptions, S3Object, S3ObjectHead } from './s3-bucket';
import { isWithin, keyIn, parseS3Uri, s3Uri } from './s3-location';
import type { S3Location } from './s3-location';
import type { TableFiles, TableStorage, WantedFiles } from './table-storage';
import { Turns } from '../turns';

export interface S3StorageOptions extends S3ClientOptions {
  /** Where copies of files are kept, for one process at a time. Absent: in a folder that is removed at the end. */
  readonly cacheDirectory?: string | undefined;
  /** Most of them together, in MiB. Default 2,048. */
  readonly cacheMib?: number;
}

/** The network, as far as it is opened: at the first use, since a store that is away must not keep a service from starting. */
interface Opened {
  readonly bucket: S3Bucket;
  readonly cache: FileCache;
  readonly heads: Turns;
}

const DEFAULT_CACHE_MIB = 2_048;
const MIB = 1_048_576;
/** Questions for the sizes of files that are asked at once. */
const HEADS_AT_ONCE = 32;

/** Tables in folders of a bucket of an S3-compatible object store. Files that the engine reads are copied to a local cache. */
export class S3Storage implements TableStorage {
  private readonly root: S3Location;
  private opened: Promise<Opened> | undefined;
  private temporaryFolder: string | undefined;

  /** @param root `s3a://bucket/prefix` or `s3://bucket/prefix`. */
  constructor(
    root: string,
    private readonly options: S3StorageOptions = {},
  ) {
    this.root = parseS3Uri(root);
  }

  async openTable(tablePath: string): Promise<TableFiles> {
    const location = this.resolve(tablePath);
    const opened = await this.open();
    if (!(await opened.bucket.holds(folderKey(location)))) throw new DeltaTableNotFound(tablePath);
    return new S3TableFiles(location, opened);
  }

  async listFolders(path: string): Promise<string[]> {
    const location = this.resolve(path);
    const { bucket } = await this.open();
    return (await bucket.list(folderKey(location))).folders;
  }

  async localFolder(): Promise<string> {
    return (await this.open()).cache.folder;
  }

  async withTables<T>(
    wanted: readonly WantedFiles[],
    read: (locations: readonly (readonly string[])[]) => Promise<T>,
  ): Promise<T> {
    const { cache } = await this.open();
    const files = await Promise.all(
      wanted.map(({ table, paths }) => {
        if (!(table instanceof S3TableFiles)) throw new Error(`Not a table of this store: ${table.address}`);
        return table.remoteFiles(paths);
      }),
    );
    return cache.use(files.flat(), (names) => {
      const rest = [...names];
      return read(files.map(({ length }) => rest.splice(0, length)));
    });
  }

  async ping(): Promise<void> {
    const { bucket } = await this.open();
    await bucket.holds(folderKey(this.root));
  }

  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => undefined);
    opened?.bucket.close();
    if (this.temporaryFolder !== undefined) await rm(this.temporaryFolder, { recursive: true, force: true });
  }

  private resolve(path: string): S3Location {
    const location = parseS3Uri(path);
    if (!isWithin(this.root, location)) throw new UnsafeDeltaPath(path, 'it lies outside the root');
    return location;
  }

  private async open(): Promise<Opened> {
    this.opened ??= this.openAll();
    try {
      return await this.opened;
    } catch (error) {
      this.opened = undefined;
      throw error;
    }
  }

  private async openAll(): Promise<Opened> {
    const { cacheDirectory, cacheMib = DEFAULT_CACHE_MIB } = this.options;
    const cache = await FileCache.open(cacheDirectory ?? (await this.makeTemporaryFolder()), cacheMib * MIB);
    const bucket = await S3Bucket.open(this.root.bucket, this.options);
    return { bucket, cache, heads: new Turns(HEADS_AT_ONCE) };
  }

  private async makeTemporaryFolder(): Promise<string> {
    this.temporaryFolder ??= await mkdtemp(join(tmpdir(), 'millrace-tables-'));
    return this.temporaryFolder;
  }
}

class S3TableFiles implements TableFiles {
  readonly isLocal = false;
  readonly address: string;

  constructor(
    private readonly location: S3Location,
    private readonly opened: Opened,
  ) {
    this.address = s3Uri(location);
  }

  async list(directory: string): Promise<string[]> {
    const { objects, folders } = await this.opened.bucket.list(`${this.keyOf(directory)}/`);
    return [...objects, ...folders];
  }

  async readText(path: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await this.get(path)).body) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }

  async *readLines(path: string): AsyncIterable<string> {
    yield* linesOf((await this.get(path)).body);
  }

  async modifiedAt(path: string): Promise<Date | undefined> {
    return this.opened.bucket.modifiedAt(this.keyOf(path));
  }

  async size(path: string): Promise<number | undefined> {
    return (await this.head(path))?.size;
  }

  async withLocal<T>(
    paths: readonly string[],
    read: (locations: readonly string[]) => Promise<T>,
  ): Promise<T> {
    return this.opened.cache.use(await this.remoteFiles(paths), read);
  }

  /** Asks the store each time: a table that was deleted must not be read from its copies. */
  remoteFiles(paths: readonly string[]): Promise<RemoteFile[]> {
    return Promise.all(paths.map((path) => this.remoteFile(path)));
  }

  private async remoteFile(path: string): Promise<RemoteFile> {
    const head = await this.head(path);
    if (head === undefined) throw this.missing(path);
    const fetch = async function* (this: S3TableFiles) {
      yield* (await this.get(path, head.etag)).body;
    }.bind(this);
    return { name: this.cacheName(path, head), size: head.size, fetch };
  }

  private head(path: string): Promise<S3ObjectHead | undefined> {
    const key = this.keyOf(path);
    return this.opened.heads.run(() => this.opened.bucket.head(key));
  }

  private async get(path: string, etag?: string): Promise<S3Object> {
    const object = await this.opened.bucket.get(this.keyOf(path), etag);
    if (object === undefined) throw this.missing(path);
    return object;
  }

  /** A table may be deleted and made again, with other files of the same names. */
  private cacheName(path: string, { etag, size }: S3ObjectHead): string {
    const content = [this.location.bucket, this.keyOf(path), etag, String(size)];
    return createHash('sha256').update(content.join('\0')).digest('hex');
  }

  private keyOf(path: string): string {
    return keyIn(this.location, path);
  }

  private missing(path: string): DeltaFileMissing {
    return new DeltaFileMissing(`${this.address}/${path}`);
  }
}

/** What the keys below a folder begin with; the slash, lest those of its namesakes do. */
const folderKey = ({ prefix }: S3Location): string => (prefix === '' ? '' : `${prefix}/`);
