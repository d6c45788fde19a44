import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import type { DuckDbEngine } from '../engine/duckdb-engine';
import { countByQuery } from './group-query';
import type { ValueCount } from './group-query';
import { pageQuery } from './page-query';
import type { PageRequest } from './page-query';

/** A page as text: parsing it would cost more than everything else, and would round its numbers. */
export interface RowPage {
  /** JSON array of objects, each with every column asked for, in the order of the schema. */
  readonly json: string;
  readonly returned: number;
}

/** The rows of one snapshot. What it learns once (where its files are, how many rows) holds for ever, as the version does. */
export class SnapshotRows {
  private locations: Promise<readonly string[]> | undefined;
  private total: Promise<number> | undefined;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
    private readonly engine: DuckDbEngine,
  ) {}

  /** The sum of the log's statistics; the footers are opened only of files without. */
  async count(): Promise<number> {
    this.total ??= this.countRows();
    return this.total;
  }

  async page(request: PageRequest): Promise<RowPage> {
    const query = pageQuery(this.snapshot, await this.locateFiles(), request);
    if (request.limit === 0 || request.offset >= (await this.count())) return { json: '[]', returned: 0 };
    const [row] = await this.engine.query(query.sql, query.lists);
    return { json: String(row?.[0]), returned: Number(row?.[1]) };
  }

  async countBy(column: string): Promise<ValueCount[]> {
    const locations = await this.locateFiles();
    if (locations.length === 0) return [];
    const query = countByQuery(this.snapshot, locations, column);
    const rows = await this.engine.query(query.sql, query.lists);
    return rows.map(([value, count]) => ({
      value: value === null ? null : String(value),
      rows: Number(count),
    }));
  }

  private async locateFiles(): Promise<readonly string[]> {
    this.locations ??= Promise.all(this.snapshot.files.map((file) => this.table.locate(file.path)));
    return this.locations;
  }

  private async countRows(): Promise<number> {
    const locations = await this.locateFiles();
    const unknown = locations.filter((_, index) => this.snapshot.files[index]?.numRecords === undefined);
    const known = this.snapshot.files.reduce((sum, file) => sum + (file.numRecords ?? 0), 0);
    if (unknown.length === 0) return known;
    const sql = 'SELECT sum(num_rows) FROM parquet_file_metadata($1)';
    const [row] = await this.engine.query(sql, [unknown]);
    return known + Number(row?.[0]);
  }
}
