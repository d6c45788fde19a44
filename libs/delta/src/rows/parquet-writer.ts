import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceUnavailable } from '@millrace/domain';
import { DuckDbEngine } from '../engine/duckdb-engine';
import { LazyEngine } from '../engine/lazy-engine';
import type { TableStorage } from '../storage/table-storage';
import type { PageRequest } from './page-query';
import type { SnapshotRows } from './snapshot-rows';

/** Beside that of the readers: what is more is sorted on disk, and the process stays small. */
const MEMORY_MIB = 192;
/** One: it leaves the others to pages, and writes in order with little in memory. */
const THREADS = 1;
const FILE_NAME = /^[\w.-]+$/;
const FULL_DISK = /No space left|failed to offload|max_temp_directory_size/i;

/**
 * Writes rows as Parquet files into one folder. By an engine of its own: the one that reads for everybody can open no more than it
 * could before, and a file that is sorted takes no memory of theirs.
 */
export class ParquetWriter {
  private readonly engine: LazyEngine;

  constructor(
    private readonly folder: string,
    storage: TableStorage,
  ) {
    this.engine = new LazyEngine(async () =>
      DuckDbEngine.create([await storage.localFolder(), await this.realFolder()], {
        memoryLimitMib: MEMORY_MIB,
        threads: THREADS,
        spillDirectory: join(folder, 'spill'),
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
      throw FULL_DISK.test(String(cause)) ? this.unusable('the disk is full', cause) : cause;
    }
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private async realFolder(): Promise<string> {
    try {
      await mkdir(this.folder, { recursive: true });
      return await realpath(this.folder);
    } catch (cause) {
      const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : cause;
      throw this.unusable(String(code), cause);
    }
  }

  private unusable(why: string, cause: unknown): ServiceUnavailable {
    return new ServiceUnavailable(
      `Parquet files cannot be written to ${this.folder} (${why}): free its disk, or set RESULTS_CACHE_DIRECTORY to a folder that can be written`,
      { cause },
    );
  }
}
