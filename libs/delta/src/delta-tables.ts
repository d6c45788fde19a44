import type { RecordBatch } from 'apache-arrow';
import { BackgroundWork } from './background-work';
import { BoundedCache } from './bounded-cache';
import { damagedFiles } from './damaged-files';
import { isOfRequest, readFailure } from './read-failure';
import { readCommitInfos, readHistory } from './log/commit-info';
import type { CommitInfo, HistoryEntry } from './log/commit-info';
import { readCheckpoint } from './log/read-checkpoint';
import type { LogListing } from './log/log-listing';
import { listLog, readLog, requireVersion } from './log/read-log';
import { versionAt } from './log/version-at';
import { DuckDbEngine } from './engine/duckdb-engine';
import type { EngineLimits } from './engine/duckdb-engine';
import { LazyEngine } from './engine/lazy-engine';
import type { PageRequest } from './rows/page-query';
import { compareRows } from './rows/compare-rows';
import type { Comparison, ComparisonRequest } from './rows/compare-rows';
import type { RowFilter } from './rows/row-filter';
import type { ValueCount } from './rows/group-query';
import { ParquetWriter } from './rows/parquet-writer';
import type { ExportOptions } from './rows/parquet-writer';
import type { ReadBefore } from './rows/row-places';
import { SnapshotRows } from './rows/snapshot-rows';
import type { LineFormat, RowText, TextFormat } from './rows/row-text';
import { makeSnapshot } from './snapshot/snapshot';
import type { Snapshot } from './snapshot/snapshot';
import { openStorage } from './storage/open-storage';
import type { S3StorageOptions } from './storage/s3-storage';
import type { TableFiles, TableStorage } from './storage/table-storage';

export interface DeltaTablesOptions {
  /** Folder, `file:` URI or `s3a://bucket/prefix` that every table must lie below. It need not exist yet. */
  readonly root: string;
  /** How an object store is read, where the root is in one. */
  readonly objectStore?: S3StorageOptions;
  /** Memory of all readers together, in MiB. Default 512. */
  readonly memoryLimitMib?: number;
  /** Threads of the engine. Default 2. */
  readonly threads?: number;
  /** Where sorts larger than the memory spill; absent: they fail instead. */
  readonly spillDirectory?: string | undefined;
  /** Where `writeParquet` writes; absent: it does not. */
  readonly exported?: ExportOptions | undefined;
  /** Data files that the cached snapshots may have together. Default 200,000 (some 100 MiB). */
  readonly maxCachedFiles?: number;
}

/** Which version: the one with a number, the one that was the newest at a time, or, of neither, the newest. */
export type SnapshotOptions =
  | { readonly version?: number | bigint; readonly time?: undefined }
  | { readonly version?: undefined; readonly time: Date };

const DEFAULT_COMMIT_INFOS = 100;
/** Bounds of a thousand rows each, of files that were paged and of those together; some 40 MiB each. */
const MAX_CACHED_BLOCKS = 200_000;
/** Of rows beside those that were asked for; some 20 MiB. */
const MAX_CACHED_PLACES = 200_000;
/** Of orders; some 24 MiB. */
const MAX_CACHED_MILESTONES = 1_000_000;

/**
 * Delta tables below one root, read without Spark: the log by this library, the Parquet files by DuckDB. Reads only what
 * it can read right: see `unsupportedFeatures`.
 */
export class DeltaTables {
  private readonly snapshots: BoundedCache<Snapshot>;
  private readonly before: ReadBefore = {
    blocks: {
      ofFiles: new BoundedCache(MAX_CACHED_BLOCKS, (blocks) => blocks.length + 1),
      together: new BoundedCache(MAX_CACHED_BLOCKS, ({ length }) => length + 1),
    },
    places: new BoundedCache(MAX_CACHED_PLACES, ({ places }) => places.length + 1),
    milestones: new BoundedCache(MAX_CACHED_MILESTONES, (milestones) => (milestones?.length ?? 0) + 1),
    background: new BackgroundWork(),
  };
  private readonly rowsOf = new WeakMap<Snapshot, SnapshotRows>();

  private constructor(
    private readonly storage: TableStorage,
    private readonly engine: LazyEngine,
    private readonly writer: ParquetWriter | undefined,
    maxCachedFiles: number,
  ) {
    // A snapshot's memory is its files.
    this.snapshots = new BoundedCache(maxCachedFiles, ({ files }) => files.length + 1);
  }

  static open(options: DeltaTablesOptions): DeltaTables {
    const limits: EngineLimits = {
      memoryLimitMib: options.memoryLimitMib ?? 512,
      threads: options.threads ?? 2,
      spillDirectory: options.spillDirectory,
    };
    const { root, objectStore, exported, maxCachedFiles = 200_000 } = options;
    const storage = openStorage(root, objectStore);
    const engine = new LazyEngine(async () => DuckDbEngine.create([await storage.localFolder()], limits));
    const writer = exported === undefined ? undefined : new ParquetWriter(exported, storage);
    return new DeltaTables(storage, engine, writer, maxCachedFiles);
  }

  /**
   * The table at a version.
   *
   * @param tablePath spelled as the root is: a folder (relative ones to the working directory), a `file:` or an `s3a:` URI.
   * @throws DeltaTableNotFound, DeltaVersionNotFound, DeltaTimeNotFound, UnsupportedDeltaTable, CorruptDeltaLog, UnsafeDeltaPath
   */
  async openSnapshot(tablePath: string, { version: asked, time }: SnapshotOptions = {}): Promise<Snapshot> {
    const table = await this.storage.openTable(tablePath);
    if (asked !== undefined) return this.snapshotOf(table, Number(asked));
    const listing = await listLog(table);
    const newest = requireVersion(table, listing, undefined);
    const version = time === undefined ? newest : await versionAt(table, listing, time);
    return this.snapshotOf(table, version, listing);
  }

  /**
   * Rows of the snapshot that fulfil conditions; of all, from the log's statistics where it has them.
   *
   * @throws UnknownDeltaColumn, DeltaFileMissing
   */
  async countRows(snapshot: Snapshot, filters?: readonly RowFilter[]): Promise<number> {
    return this.forgettingLost(snapshot, async (rows) => (await rows.where(filters)).count());
  }

  /** @throws UnknownDeltaColumn, DeltaFileMissing */
  async readPage(snapshot: Snapshot, request: PageRequest, format: TextFormat = 'json'): Promise<RowText> {
    return this.forgettingLost(snapshot, async (rows) =>
      (await rows.where(request.filters)).page(request, format),
    );
  }

  /**
   * The rows of a request however long, some thousands at a time, read as they are taken.
   *
   * @throws UnknownDeltaColumn, DeltaFileMissing, also between two of them
   */
  streamText(
    snapshot: Snapshot,
    request: PageRequest,
    format: LineFormat,
  ): AsyncGenerator<RowText, void, undefined> {
    return this.stream(snapshot, request, (rows) => rows.texts(request, format));
  }

  /** As `streamText`, as record batches of Arrow, every value as it is stored. */
  streamArrow(snapshot: Snapshot, request: PageRequest): AsyncGenerator<RecordBatch, void, undefined> {
    return this.stream(snapshot, request, (rows) => rows.recordBatches(request));
  }

  /**
   * The rows of a request however long as a Parquet file. Requests take turns, beside those of pages.
   *
   * @param name of the file in the export folder; what is there is written over. After a failure a part of it can be there.
   * @throws UnknownDeltaColumn, DeltaFileMissing, InvalidRequest where the rows are too many to sort, ServiceUnavailable where the folder
   * cannot be written
   */
  async writeParquet(snapshot: Snapshot, request: PageRequest, name: string): Promise<void> {
    const { writer } = this;
    if (writer === undefined) throw new Error('Tables without a folder for exports write no files');
    await this.forgettingLost(snapshot, async (rows) =>
      writer.write(await rows.where(request.filters), request, name),
    );
  }

  /** Two tables, or two versions of one, row by row. @throws UnknownDeltaColumn, DeltaFileMissing */
  async compare(before: Snapshot, after: Snapshot, request: ComparisonRequest): Promise<Comparison> {
    const engine = await this.engine.get();
    const wanted = [before, after].map((snapshot) => this.rowsIn(snapshot).wantedFiles());
    return this.forgetting([before, after], () =>
      this.storage.withTables(wanted, ([earlier = [], later = []]) =>
        compareRows(
          engine,
          { snapshot: before, locations: earlier },
          { snapshot: after, locations: later },
          request,
        ),
      ),
    );
  }

  /** Rows by the values of a column, most first. Reads that column of every file. @throws UnknownDeltaColumn, DeltaFileMissing */
  async countBy(snapshot: Snapshot, column: string): Promise<ValueCount[]> {
    return this.forgettingLost(snapshot, (rows) => rows.countBy(column));
  }

  /**
   * Files of the snapshot that are not there in full: absent, or not of the length that the log tells. By their paths
   * relative to the table, at most `limit`.
   */
  async damagedFiles(snapshot: Snapshot, limit = 10): Promise<string[]> {
    const table = await this.storage.openTable(snapshot.tablePath);
    return damagedFiles(table, snapshot, limit);
  }

  /**
   * What the newest commits of a table say about themselves, newest first.
   *
   * @throws DeltaTableNotFound when there is no commit, CorruptDeltaLog, UnsafeDeltaPath
   */
  async commitInfos(tablePath: string, limit = DEFAULT_COMMIT_INFOS): Promise<CommitInfo[]> {
    const table = await this.storage.openTable(tablePath);
    const listing = await listLog(table);
    requireVersion(table, listing, undefined);
    return readCommitInfos(table, listing, limit);
  }

  /**
   * The newest commits of a table as `DESCRIBE HISTORY` tells them, newest first.
   *
   * @throws DeltaTableNotFound when there is no commit, CorruptDeltaLog, UnsafeDeltaPath
   */
  async history(tablePath: string, limit: number): Promise<HistoryEntry[]> {
    const table = await this.storage.openTable(tablePath);
    const listing = await listLog(table);
    requireVersion(table, listing, undefined);
    return readHistory(table, listing, limit);
  }

  /**
   * Names of the folders directly below a folder, without symbolic links; empty when it is absent.
   *
   * @throws UnsafeDeltaPath when it lies outside the root.
   */
  async listFolders(path: string): Promise<string[]> {
    return this.storage.listFolders(path);
  }

  /** Whether the tables can be reached, even where there is none yet. @throws ServiceUnavailable */
  async ping(): Promise<void> {
    await this.storage.ping();
  }

  /** Until nothing is prepared any more for those who go on to read what was read. */
  settled(): Promise<void> {
    return this.before.background.settled();
  }

  async close(): Promise<void> {
    await this.before.background.stop();
    await this.engine.close();
    await this.writer?.close();
    await this.storage.close();
  }

  private async snapshotOf(table: TableFiles, version: number, listing?: LogListing): Promise<Snapshot> {
    return this.snapshots.get(keyOf(table.address, version), async () => {
      const current = listing ?? (await listLog(table));
      const engine = await this.engine.get();
      const state = await readLog(table, current, requireVersion(table, current, version), (files) =>
        readCheckpoint(engine, files),
      );
      const snapshot = makeSnapshot(table, version, state);
      this.rowsOf.set(snapshot, new SnapshotRows(snapshot, table, engine, this.before));
      return snapshot;
    });
  }

  private async *stream<T>(
    snapshot: Snapshot,
    { filters }: PageRequest,
    open: (rows: SnapshotRows) => AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T, void, undefined> {
    const chunks = await this.forgettingLost(snapshot, async (rows) => open(await rows.where(filters)));
    try {
      for (;;) {
        const { value, done } = await this.forgettingLost(snapshot, () => chunks.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await chunks.return();
    }
  }

  /** A snapshot whose table was deleted meanwhile must not be answered from the cache for ever. */
  private async forgettingLost<T>(snapshot: Snapshot, read: (rows: SnapshotRows) => Promise<T>): Promise<T> {
    return this.forgetting([snapshot], () => read(this.rowsIn(snapshot)));
  }

  private async forgetting<T>(snapshots: readonly Snapshot[], read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      if (isOfRequest(cause)) throw cause;
      for (const { tablePath, version } of snapshots) this.snapshots.forget(keyOf(tablePath, version));
      throw await readFailure(cause, snapshots, async (one) => (await this.damagedFiles(one, 1))[0]);
    }
  }

  private rowsIn(snapshot: Snapshot): SnapshotRows {
    const rows = this.rowsOf.get(snapshot);
    if (rows === undefined) throw new Error(`Not a snapshot of these tables: ${snapshot.tablePath}`);
    return rows;
  }
}

const keyOf = (tableAddress: string, version: number) => `${tableAddress}@${version}`;
