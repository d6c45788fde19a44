import { DuckDBInstance, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { Turns } from '../turns';
import { literal } from './sql-text';

export interface EngineLimits {
  /** Memory of all requests together, in MiB; what does not fit is sorted on disk. */
  readonly memoryLimitMib: number;
  readonly threads: number;
  /** Where larger sorts spill; absent: such a sort fails instead. */
  readonly spillDirectory?: string | undefined;
}

/** The values of a row, as the engine's client has them. */
export type EngineRow = readonly DuckDBValue[];

/** The rows of a result, some at a time. */
export type EngineRows = AsyncGenerator<readonly EngineRow[], void, undefined>;

/** A list of texts to bind in place of `$1`, `$2`, …. */
export type TextList = readonly (string | null)[];

const toList = (list: TextList) => listValue([...list]);

/**
 * One DuckDB in this process, with a connection for each request, that can open files below one directory and do
 * nothing else: no extension is loaded, no other file or address is opened, and no setting can be changed back.
 */
export class DuckDbEngine {
  private readonly longQueries = new Turns(1);

  private constructor(private readonly instance: DuckDBInstance) {}

  static async create(allowedDirectory: string, limits: EngineLimits): Promise<DuckDbEngine> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${String(limits.memoryLimitMib)}MiB`,
      threads: String(limits.threads),
      temp_directory: limits.spillDirectory ?? '',
    });
    const connection = await instance.connect();
    try {
      for (const setting of lockDown(allowedDirectory)) await connection.run(setting);
    } finally {
      connection.closeSync();
    }
    return new DuckDbEngine(instance);
  }

  /** All rows of a query, on a connection of its own. */
  async query(sql: string, lists: readonly TextList[]): Promise<readonly EngineRow[]> {
    const connection = await this.instance.connect();
    try {
      const reader = await connection.runAndReadAll(
        sql,
        lists.map(toList),
        lists.map(() => LIST(VARCHAR)),
      );
      return reader.getRows();
    } finally {
      connection.closeSync();
    }
  }

  /** The rows of a query, some thousand at a time, so that a long result is never in memory as a whole. */
  stream(sql: string, lists: readonly TextList[]): EngineRows {
    return this.streamed(sql, lists, (start) => start());
  }

  /**
   * As `stream`, of a query that works long before it has a row. One of them works at a time, beside the queries of pages; the others
   * wait for it.
   *
   * @param signal that nobody waits for the rows any more.
   */
  longStream(sql: string, lists: readonly TextList[], signal: AbortSignal | undefined): EngineRows {
    return this.streamed(sql, lists, (start) => this.longQueries.run(start), signal);
  }

  private async *streamed(
    sql: string,
    lists: readonly TextList[],
    inTurn: <T>(start: () => Promise<T>) => Promise<T>,
    signal?: AbortSignal,
  ): EngineRows {
    const connection = await this.instance.connect();
    const interrupt = () => {
      connection.interrupt();
    };
    let isTaken = false;
    try {
      signal?.addEventListener('abort', interrupt);
      const { result, first } = await inTurn(async () => {
        signal?.throwIfAborted();
        const started = await connection.stream(
          sql,
          lists.map(toList),
          lists.map(() => LIST(VARCHAR)),
        );
        return { result: started, first: await started.fetchChunk() };
      });
      for (let chunk = first; chunk?.rowCount; chunk = await result.fetchChunk()) yield chunk.getRows();
      isTaken = true;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      // Closing alone leaves what was sorted to the garbage collector; the next statement ends the one before.
      if (!isTaken) await connection.run('SELECT 1').catch(() => undefined);
      connection.closeSync();
    }
  }

  close(): void {
    this.instance.closeSync();
  }
}

/** The order matters: after `enable_external_access` and `lock_configuration` nothing can be set any more. */
function lockDown(allowedDirectory: string): string[] {
  return [
    "SET GLOBAL TimeZone = 'UTC'",
    'SET GLOBAL parquet_metadata_cache = true',
    // The operating system keeps what was read of local files; a second copy would fill the whole memory limit of the engine.
    'SET GLOBAL enable_external_file_cache = false',
    // Every query that cares for an order says so; without this one, scans that are put together wait for each other.
    'SET GLOBAL preserve_insertion_order = false',
    `SET GLOBAL allowed_directories = [${literal(allowedDirectory)}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
}
