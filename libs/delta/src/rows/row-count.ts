import type { DuckDbEngine } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import { countQuery } from './page-query';
import { filteredColumns } from './row-filter';
import type { RowFilter } from './row-filter';
import { allRows } from './row-source';
import { SnapshotFiles } from './snapshot-files';

/** How many rows of a snapshot fulfil conditions; counted once. */
export class RowCount {
  private total: Promise<number> | undefined;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
    private readonly engine: DuckDbEngine,
    private readonly filters: readonly RowFilter[],
  ) {}

  get(): Promise<number> {
    this.total ??= this.filters.length > 0 ? this.countFiltered() : this.sumOfFiles();
    return this.total;
  }

  private async countFiltered(): Promise<number> {
    if (this.snapshot.files.length === 0) return 0;
    return new SnapshotFiles(this.snapshot, this.table).with(undefined, async (locations) => {
      const source = allRows(this.snapshot, filteredColumns(this.filters), locations);
      const query = countQuery(this.snapshot, source, this.filters);
      const [row] = await this.engine.pageInTurn(undefined, () => this.engine.query(query.sql, query.lists));
      return Number(row?.[0]);
    });
  }

  /** By the log's statistics; the footers are opened only of files without. */
  private async sumOfFiles(): Promise<number> {
    const known = this.snapshot.files.reduce((sum, file) => sum + (file.numRecords ?? 0), 0);
    const unknown = this.snapshot.files.filter(({ numRecords }) => numRecords === undefined);
    if (unknown.length === 0) return known;
    const sql = 'SELECT sum(num_rows) FROM parquet_file_metadata($1)';
    const paths = unknown.map(({ path }) => path);
    const [row] = await this.table.withLocal(paths, (locations) => this.engine.query(sql, [locations]));
    return known + Number(row?.[0]);
  }
}
