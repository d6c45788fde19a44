import type { SortKey } from '@millrace/domain';
import type { DuckDbEngine } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import { countByQuery } from './group-query';
import type { ValueCount } from './group-query';
import { hasBlocks, keyBlocks } from './key-blocks';
import type { KeyBlocks } from './key-blocks';
import type { RowBlocks, RowRange } from './page-window';
import { checkRequest, placesQuery, rowsQuery, shownColumns } from './page-query';
import type { PageRequest, RowPlace } from './page-query';
import { allRows, rowsIn } from './row-source';
import type { RowSource, ScannedFiles } from './row-source';

/** A page as text: parsing it would cost more than everything else, and would round its numbers. */
export interface RowPage {
  /** JSON array of objects, each with every column asked for, in the order of the schema. */
  readonly json: string;
  readonly returned: number;
}

/** So few rows are sorted sooner than the footers of their files are read. */
const FEW_ROWS = 10_000;
/** More ranges are not read one by one: each is a scan of its own in the plan. */
const MOST_RANGES = 128;
const EMPTY: RowPage = { json: '[]', returned: 0 };

/** The rows of one snapshot. What it learns once (where its files are, what they hold) holds for ever, as the version does. */
export class SnapshotRows {
  private locations: Promise<readonly string[]> | undefined;
  private total: Promise<number> | undefined;
  /** By column and direction. */
  private readonly blocks = new Map<string, Promise<KeyBlocks>>();

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

  /** Costs the same at every offset where the files are sorted by the first column of the order, which must be of whole numbers or times. */
  async page(request: PageRequest): Promise<RowPage> {
    checkRequest(this.snapshot, request);
    const locations = await this.locateFiles();
    if (request.limit === 0 || request.offset >= (await this.count())) return EMPTY;
    const blocks = await this.blocksOf(locations, request.order);
    const files = { locations, columns: blocks?.columns };
    const places = await this.places(files, blocks?.rows, request);
    const columns = shownColumns(this.snapshot, request.columns);
    const source = this.sourceOf(columns, files, rangesOf(places)) ?? allRows(this.snapshot, columns, files);
    const { sql, lists } = rowsQuery(this.snapshot, source, columns, places);
    const [row] = await this.engine.query(sql, lists);
    return { json: String(row?.[0]), returned: places.length };
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

  private async places(
    files: ScannedFiles,
    blocks: RowBlocks | undefined,
    request: PageRequest,
  ): Promise<RowPlace[]> {
    const { order, limit, offset } = request;
    const keys = order.map(({ column }) => column);
    const window = blocks?.window(offset, limit);
    const source = window && this.sourceOf(keys, files, window.ranges);
    const query =
      window === undefined || source === undefined
        ? placesQuery(this.snapshot, allRows(this.snapshot, keys, files), request)
        : placesQuery(this.snapshot, source, { order, limit, offset: offset - window.rowsBefore });
    const rows = await this.engine.query(query.sql, query.lists);
    return rows.map(([file, row]) => ({ file: Number(file), row: Number(row) }));
  }

  /** Undefined where a scan of everything is better. */
  private sourceOf(
    columns: readonly string[],
    files: ScannedFiles,
    ranges: readonly RowRange[],
  ): RowSource | undefined {
    if (ranges.length === 0 || ranges.length > MOST_RANGES) return undefined;
    return rowsIn(this.snapshot, columns, files, ranges);
  }

  /** Undefined where the files tell nothing of the order. */
  private async blocksOf(
    locations: readonly string[],
    [first]: readonly SortKey[],
  ): Promise<KeyBlocks | undefined> {
    if (first === undefined || !hasBlocks(this.snapshot, first) || (await this.count()) <= FEW_ROWS) {
      return undefined;
    }
    const name = `${first.direction} ${first.column}`;
    const known = this.blocks.get(name) ?? keyBlocks(locations, first);
    this.blocks.set(name, known);
    try {
      return await known;
    } catch (error) {
      this.blocks.delete(name);
      throw error;
    }
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

/** From the first to the last row of each file. */
function rangesOf(places: readonly RowPlace[]): RowRange[] {
  const ranges = new Map<number, RowRange>();
  for (const { file, row } of places) {
    const { from, to } = ranges.get(file) ?? { from: row, to: row + 1 };
    ranges.set(file, { file, from: Math.min(from, row), to: Math.max(to, row + 1) });
  }
  return [...ranges.values()];
}
