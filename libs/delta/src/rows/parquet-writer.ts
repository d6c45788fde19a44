import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidRequest, ServiceUnavailable } from '@millrace/domain';
import { DuckDbEngine } from '../engine/duckdb-engine';
import { LazyEngine } from '../engine/lazy-engine';
import type { TableStorage } from '../storage/table-storage';
import type { PageRequest } from './page-query';
import type { SnapshotRows } from './snapshot-rows';

/** Beside that of the readers: what is more is sorted on disk, and the process stays small. */
const MEMORY_MIB = 160;
/** One: it leaves the others to pages, and writes in order with little in memory. */
const THREADS = 1;
const FILE_NAME = /^\w[\w.-]*$/;
/** Rows that are being sorted are some four times as long as in the file. */
const SPILL_PER_FILE = 6;
const FULL_DISK = /No space left/i;
/** Of memory, or of disk in its place. */
const TOO_MUCH_TO_SORT = /Out of Memory/i;

export interface ExportOptions {
  /** Of this process alone; it need not exist yet. */
  readonly folder: string;
  /** Most MiB that a file is meant to have; what is sorted for it takes six times as much disk at most. */
  readonly maxFileMib: number;
}

/**
 * Writes rows as Parquet files into one folder. By an engine of its own: the one that reads for everybody can open no more than it
 * could before, and a file that is sorted takes no memory of theirs.
 */
export class ParquetWriter {
  private readonly engine: LazyEngine;
  private readonly folder: string;
  private readonly maxSpillMib: number;

  constructor({ folder, maxFileMib }: ExportOptions, storage: TableStorage) {
    this.folder = folder;
    this.maxSpillMib = SPILL_PER_FILE * maxFileMib;
    this.engine = new LazyEngine(async () =>
      DuckDbEngine.create([await storage.localFolder(), await this.realFolder()], {
        memoryLimitMib: MEMORY_MIB,
        threads: THREADS,
        spillDirectory: this.spillFolder(),
        maxSpillMib: this.maxSpillMib,
      }),
    );
  }

  /** @throws ServiceUnavailable where the folder cannot be written. */
  async write(rows: SnapshotRows, request: PageRequest, name: string): Promise<void> {
    if (!FILE_NAME.test(name)) throw new Error(`Not the name of a file: ${JSON.stringify(name)}`);
    // Asked each time: somebody may have tidied up.
    const file = join(await this.realFolder(), name);
    try {
      await rows.writeParquet(await this.engine.get(), request, file);
    } catch (cause) {
      throw this.told(cause);
    }
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private told(cause: unknown): unknown {
    const text = String(cause);
    if (FULL_DISK.test(text)) return this.unusable('the disk is full', cause);
    if (!TOO_MUCH_TO_SORT.test(text)) return cause;
    const message = `cannot be parquet for so much: to sort it takes more than ${MEMORY_MIB} MiB of memory and ${this.maxSpillMib} MiB of disk; ask for fewer columns or rows, or for another format, or have RESULTS_EXPORT_MIB set to more`;
    return new InvalidRequest([{ path: 'format', message }]);
  }

  private async realFolder(): Promise<string> {
    try {
      // With what is sorted on disk, which the engine makes no folder for a second time. Nobody else may look.
      await mkdir(this.spillFolder(), { recursive: true, mode: 0o700 });
      return await realpath(this.folder);
    } catch (cause) {
      const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : cause;
      throw this.unusable(String(code), cause);
    }
  }

  private spillFolder(): string {
    return join(this.folder, 'spill');
  }

  private unusable(why: string, cause: unknown): ServiceUnavailable {
    return new ServiceUnavailable(
      `Parquet files cannot be written to ${this.folder} (${why}): free its disk, or set RESULTS_CACHE_DIRECTORY to a folder that can be written`,
      { cause },
    );
  }
}
