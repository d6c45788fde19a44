import { DuckDBInstance, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { Turns } from '../turns';
import { literal } from './sql-text';

export interface EngineLimits {
  /** Memory of all requests together, in MiB; what does not fit is sorted on disk. */
  readonly memoryLimitMib: number;
  readonly threads: number;
  /** Where larger sorts spill; absent: such a sort fails instead. */
  readonly spillDirectory?: string | undefined;
  /** Most MiB there; absent: nearly all that the disk has. */
  readonly maxSpillMib?: number | undefined;
}

/** The values of a row, as the engine's client has them. */
export type EngineRow = readonly DuckDBValue[];

/** The rows of a result, some at a time. */
export type EngineRows = AsyncGenerator<readonly EngineRow[], void, undefined>;

/** The same rows as the engine has them: some thousand in each, by columns. */
export type EngineChunks = AsyncGenerator<DuckDBDataChunk, void, undefined>;

/** A list of texts to bind in place of `$1`, `$2`, …. */
export type TextList = readonly (string | null)[];

const toList = (list: TextList) => listValue([...list]);

/** As many as Node has threads to wait in. */
const PAGES_AT_ONCE = 4;

/**
 * A DuckDB in this process, with a connection for each request, that can open files below some directories and do
 * nothing else: no extension is loaded, no other file or address is opened, and no setting can be changed back.
 */
export class DuckDbEngine {
  private readonly longQueries = new Turns(1);
  private readonly pages = new Turns(PAGES_AT_ONCE);

  private constructor(private readonly instance: DuckDBInstance) {}

  static async create(allowedDirectories: readonly string[], limits: EngineLimits): Promise<DuckDbEngine> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${String(limits.memoryLimitMib)}MiB`,
      threads: String(limits.threads),
      temp_directory: limits.spillDirectory ?? '',
    });
    const connection = await instance.connect();
    try {
      for (const setting of lockDown(allowedDirectories, limits)) await connection.run(setting);
    } finally {
      connection.closeSync();
    }
    return new DuckDbEngine(instance);
  }

  /** All rows of a query, on a connection of its own. */
  async query(sql: string, lists: readonly TextList[]): Promise<readonly EngineRow[]> {
    return (await this.chunks(sql, lists)).flatMap((chunk) => chunk.getRows());
  }

  /** As `query`, by columns. A chunk has its memory to itself. */
  async chunks(sql: string, lists: readonly TextList[]): Promise<readonly DuckDBDataChunk[]> {
    const connection = await this.instance.connect();
    try {
      const result = await connection.run(
        sql,
        lists.map(toList),
        lists.map(() => LIST(VARCHAR)),
      );
      return await result.fetchAllChunks();
    } finally {
      connection.closeSync();
    }
  }

  /** Lets one query at a time work long before it has a row, beside those of pages; the others wait for it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.longQueries.run(work);
  }

  /**
   * Lets few queries of pages run at once, the others in the order in which they came. Of hundreds of pages that are read together
   * none is ready before nearly all are, which may be when nobody waits any more.
   *
   * @param signal that nobody waits for the page any more: then the query is not begun.
   */
  pageInTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return this.pages.run(() => {
      signal?.throwIfAborted();
      return work();
    });
  }

  /**
   * The rows of a query, some thousand at a time, so that a long result is never in memory as a whole.
   *
   * @param signal that nobody waits for the rows any more.
   */
  async *stream(sql: string, lists: readonly TextList[], signal?: AbortSignal): EngineRows {
    for await (const chunk of this.streamChunks(sql, lists, signal)) yield chunk.getRows();
  }

  /** As `stream`, by columns. */
  async *streamChunks(sql: string, lists: readonly TextList[], signal?: AbortSignal): EngineChunks {
    const connection = await this.instance.connect();
    const interruption = interruptedBy(signal, () => {
      connection.interrupt();
    });
    let isTaken = false;
    try {
      // The signal may have come while there was no connection yet.
      signal?.throwIfAborted();
      const result = await connection.stream(
        sql,
        lists.map(toList),
        lists.map(() => LIST(VARCHAR)),
      );
      for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
        yield chunk;
      }
      isTaken = true;
    } finally {
      interruption.end();
      // Closing alone leaves what was sorted to the garbage collector; the next statement ends the one before.
      if (!isTaken) await connection.run('SELECT 1').catch(() => undefined);
      connection.closeSync();
    }
  }

  /** A statement that has no rows to give. @param signal that nobody waits for it any more. */
  async run(sql: string, lists: readonly TextList[], signal?: AbortSignal): Promise<void> {
    const rows = this.stream(sql, lists, signal);
    while ((await rows.next()).done !== true);
  }

  close(): void {
    this.instance.closeSync();
  }
}

const INTERRUPT_INTERVAL_MS = 100;

/** Interrupts again and again once the signal is there: what comes while a statement is being prepared is forgotten by the engine. */
function interruptedBy(signal: AbortSignal | undefined, interrupt: () => void): { end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    interrupt();
    timer = setInterval(interrupt, INTERRUPT_INTERVAL_MS);
  };
  signal?.addEventListener('abort', begin);
  return {
    end: () => {
      signal?.removeEventListener('abort', begin);
      clearInterval(timer);
    },
  };
}

/** The order matters: after `enable_external_access` and `lock_configuration` nothing can be set any more. */
function lockDown(allowedDirectories: readonly string[], { maxSpillMib }: EngineLimits): string[] {
  return [
    // Told at its creation it does not hold.
    ...(maxSpillMib === undefined
      ? []
      : [`SET GLOBAL max_temp_directory_size = '${String(maxSpillMib)}MiB'`]),
    "SET GLOBAL TimeZone = 'UTC'",
    // Else the header of each page of a column is read from the file in pieces of a few bytes.
    'SET GLOBAL prefetch_all_parquet_files = true',
    // The operating system keeps what was read of local files; a second copy would fill the whole memory limit of the engine. Footers are
    // not kept either (parquet_metadata_cache): of the 900 files of a large batch they were 75 MiB, for 7 ms in a query of 86 of them.
    'SET GLOBAL enable_external_file_cache = false',
    // Every query that cares for an order says so; without this one, scans that are put together wait for each other.
    'SET GLOBAL preserve_insertion_order = false',
    `SET GLOBAL allowed_directories = [${allowedDirectories.map(literal).join(', ')}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
}
