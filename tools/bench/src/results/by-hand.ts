import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

const ORDER = 'event_timestamp, transaction_id';

/**
 * Pages as somebody reads them who has nothing but DuckDB, the files of a batch's raw rows, and the exact places of the rows
 * wanted, which were looked up before.
 */
export class ByHand {
  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly files: readonly string[],
  ) {}

  static async open(rawPath: string): Promise<ByHand> {
    const files = readdirSync(rawPath, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.parquet') && !name.startsWith('_'))
      .map((name) => join(rawPath, name));
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true");
    return new ByHand(connection, files);
  }

  /** SQL that reads exactly the rows of a page, in its order, by a scan of the range in each file. Sorts the whole table to find out. */
  async exactRange(offset: number, limit: number): Promise<string> {
    const all = `read_parquet([${this.files.map(quoted).join(', ')}], hive_partitioning = true)`;
    const places = await this.connection.runAndReadAll(
      `SELECT file_index, min(file_row_number), max(file_row_number) FROM (
         SELECT file_index, file_row_number FROM ${all} ORDER BY ${ORDER} LIMIT ${limit} OFFSET ${offset}
       ) GROUP BY ALL`,
    );
    const scans = places.getRows().map(([file, first, last]) => {
      const path = quoted(this.files[Number(file)] ?? '');
      return `SELECT * FROM read_parquet(${path}, hive_partitioning = true) WHERE file_row_number BETWEEN ${String(first)} AND ${String(last)}`;
    });
    return `SELECT * FROM (${scans.join(' UNION ALL ')}) ORDER BY ${ORDER}`;
  }

  /** The rows as the engine has them: nothing is made of them. @returns how many there were. */
  async fetch(sql: string): Promise<number> {
    const result = await this.connection.run(sql);
    let rows = 0;
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
      rows += chunk.rowCount;
    }
    return rows;
  }

  close(): void {
    this.connection.closeSync();
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
