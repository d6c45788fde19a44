import type { RecordBatch } from 'apache-arrow';
import { BoundedCache } from '../bounded-cache';
import type { DuckDbEngine, EngineRow, EngineRows } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles, WantedFiles } from '../storage/table-storage';
import { recordBatch } from './arrow-batch';
import type { FileFacts } from './file-blocks';
import { countByQuery } from './group-query';
import type { ValueCount } from './group-query';
import { KeyIndex } from './key-index';
import type { FoundPage } from './key-index';
import { narrowed } from './narrowed';
import {
  checkRequest,
  countQuery,
  placesQuery,
  rowsQuery,
  shownColumns,
  sortedRowsQuery,
} from './page-query';
import type { PageRequest, RowPlace } from './page-query';
import type { RowRange } from './page-window';
import { filteredColumns } from './row-filter';
import type { RowFilter } from './row-filter';
import { isReadByRange, rangesOf, rowsOf } from './row-ranges';
import { allRows, rowsIn } from './row-source';
import type { RowSource, ScannedFiles } from './row-source';
import { SnapshotFiles } from './snapshot-files';

/** A page as text: parsing it would cost more than everything else, and would round its numbers. */
export interface RowPage {
  /** JSON array of objects, each with every column asked for, in the order of the schema. */
  readonly json: string;
  readonly returned: number;
}

/** So few rows are sorted sooner than the footers of their files are read. */
const FEW_ROWS = 10_000;
/** Rows of a long result that are looked up at once. */
const ROWS_AT_ONCE = 10_000;
/** Rows that are looked at for each one of a part. */
const MOST_READ_PER_ROW = 10;
/** Of a snapshot: orders of which it is remembered where their pages are. */
const REMEMBERED_ORDERS = 4;
/** Of small snapshots: conditions of which it is remembered which files they leave. */
const REMEMBERED_FILTERS = 16;

/** The rows of one snapshot that fulfil conditions. What it learns once of its files holds for ever, as the version does. */
export class SnapshotRows {
  private readonly files: SnapshotFiles;
  private total: Promise<number> | undefined;
  /** By column and direction. */
  private readonly indexes = new Map<string, KeyIndex | undefined>();
  private readonly filtered: BoundedCache<SnapshotRows>;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
    private readonly engine: DuckDbEngine,
    private readonly facts: BoundedCache<FileFacts>,
    private readonly filters: readonly RowFilter[] = [],
  ) {
    this.files = new SnapshotFiles(snapshot, table);
    // Together they take as much memory as the snapshot itself, in which its files are what counts.
    const most = snapshot.files.length + REMEMBERED_FILTERS;
    this.filtered = new BoundedCache(most, (rows) => rows.snapshot.files.length + 1);
  }

  /** The rows of them that fulfil conditions: in as few of the files as the log allows. @throws UnknownDeltaColumn */
  async where(filters: readonly RowFilter[] = []): Promise<SnapshotRows> {
    if (filters.length === 0) return this;
    return this.filtered.get(JSON.stringify(filters), () => {
      const { snapshot, filters: left } = narrowed(this.snapshot, [...this.filters, ...filters]);
      return Promise.resolve(new SnapshotRows(snapshot, this.table, this.engine, this.facts, left));
    });
  }

  /** The sum of the log's statistics, where no condition is left; the footers are opened only of files without. */
  async count(): Promise<number> {
    this.total ??= this.countRows();
    return this.total;
  }

  async page(request: PageRequest): Promise<RowPage> {
    const objects = await this.rows(request);
    return { json: `[${objects.join(',')}]`, returned: objects.length };
  }

  /**
   * The texts of a page. Costs the same at every offset where the files are sorted by the first column of the order, which must
   * be of whole numbers or times.
   */
  async rows(request: PageRequest): Promise<readonly string[]> {
    return (await this.pageRows(request)).map(textOf);
  }

  /**
   * The texts of a request however long, some thousands at a time, each read when it is asked for. Looked up page by page where that costs
   * the same for each; otherwise sorted once, and held by the engine (on disk, where they are many) until the last is taken.
   */
  async *chunks(request: PageRequest): AsyncGenerator<readonly string[], void, undefined> {
    for await (const rows of this.rowChunks(request)) yield rows.map(textOf);
  }

  /** As `chunks`, as record batches of Arrow. */
  async *recordBatches(request: PageRequest): AsyncGenerator<RecordBatch, void, undefined> {
    const shown = new Set(shownColumns(this.snapshot, request.columns));
    const fields = this.snapshot.schema.filter(({ name }) => shown.has(name));
    let isEmpty = true;
    for await (const rows of this.rowChunks({ ...request, format: 'values' })) {
      isEmpty = false;
      yield recordBatch(fields, rows);
    }
    // Of no rows too there are columns to tell.
    if (isEmpty) yield recordBatch(fields, []);
  }

  async countBy(column: string): Promise<ValueCount[]> {
    if (this.snapshot.files.length === 0) return [];
    const rows = await this.files.with(undefined, (locations) => {
      const query = countByQuery(this.snapshot, locations, column);
      return this.engine.query(query.sql, query.lists);
    });
    return rows.map(([value, count]) => ({
      value: value === null ? null : String(value),
      rows: Number(count),
    }));
  }

  /** All files, to be read together with those of another table. */
  wantedFiles(): WantedFiles {
    return { table: this.table, paths: this.snapshot.files.map(({ path }) => path) };
  }

  private async pageRows(request: PageRequest): Promise<readonly EngineRow[]> {
    checkRequest(this.snapshot, request);
    if (request.limit === 0 || request.offset >= (await this.count())) return [];
    const found = await this.find(request);
    const ranges = found !== undefined && isReadByRange(found.ranges) ? found.ranges : undefined;
    return this.files.with(
      ranges?.map(({ file }) => file),
      async (locations) => {
        const files = { locations, columns: found?.columns };
        return this.rowsAt(files, await this.places(files, found, request), request);
      },
    );
  }

  private async *rowChunks(request: PageRequest): AsyncGenerator<readonly EngineRow[], void, undefined> {
    checkRequest(this.snapshot, request);
    const { offset, limit } = request;
    const end = Math.min(await this.count(), offset + limit);
    const first = { ...request, limit: Math.max(0, Math.min(ROWS_AT_ONCE, end - offset)) };
    if (offset + first.limit < end && !(await this.isFoundCheaply(first))) {
      yield* this.sorted(request);
      return;
    }
    for (let from = offset; from < end; from += ROWS_AT_ONCE) {
      yield await this.pageRows({ ...request, offset: from, limit: Math.min(ROWS_AT_ONCE, end - from) });
    }
  }

  /** Whether a part is looked up in little more than its own rows: else all together are sooner sorted once. */
  private async isFoundCheaply(part: PageRequest): Promise<boolean> {
    const { ranges = [] } = (await this.find(part)) ?? {};
    return isReadByRange(ranges) && rowsOf(ranges) <= MOST_READ_PER_ROW * ROWS_AT_ONCE;
  }

  private async *sorted(request: PageRequest): AsyncGenerator<readonly EngineRow[], void, undefined> {
    const { rows, first } = await this.engine.inTurn(() => {
      request.signal?.throwIfAborted();
      // All rows are sorted before the first one comes: whoever takes them slowly holds no files.
      return this.files.with(undefined, async (locations) => {
        const all = this.sortedRows(locations, request);
        return { rows: all, first: await all.next() };
      });
    });
    try {
      if (first.done !== true) yield first.value;
      yield* rows;
    } finally {
      await rows.return();
    }
  }

  private sortedRows(locations: readonly string[], request: PageRequest): EngineRows {
    const { filters } = this;
    const columns = shownColumns(this.snapshot, request.columns);
    const names = [...columns, ...request.order.map(({ column }) => column), ...filteredColumns(filters)];
    const source = allRows(this.snapshot, names, { locations });
    const query = sortedRowsQuery(this.snapshot, source, columns, { ...request, filters });
    return this.engine.stream(query.sql, query.lists, request.signal);
  }

  private async places(
    files: ScannedFiles,
    found: FoundPage | undefined,
    request: PageRequest,
  ): Promise<RowPlace[]> {
    const { order, limit, offset } = request;
    const { filters } = this;
    const keys = [...order.map(({ column }) => column), ...filteredColumns(filters)];
    const source = found && this.sourceOf(keys, files, found.ranges);
    const query =
      found === undefined || source === undefined
        ? placesQuery(this.snapshot, allRows(this.snapshot, keys, files), { order, limit, offset, filters })
        : placesQuery(this.snapshot, source, { order, limit, offset: offset - found.rowsBefore });
    const rows = await this.engine.query(query.sql, query.lists);
    return rows.map(([file, row]) => ({ file: Number(file), row: Number(row) }));
  }

  /** The rows at some places, in their order. */
  private async rowsAt(
    files: ScannedFiles,
    places: readonly RowPlace[],
    request: PageRequest,
  ): Promise<EngineRow[]> {
    const columns = shownColumns(this.snapshot, request.columns);
    const ranges = rangesOf(places);
    const source = this.sourceOf(columns, files, ranges);
    const isExact = source !== undefined && places.length === rowsOf(ranges);
    const query = rowsQuery(
      this.snapshot,
      source ?? allRows(this.snapshot, columns, files),
      columns,
      request.format,
      isExact ? undefined : places,
    );
    const rows = await this.engine.query(query.sql, query.lists);
    const found = new Map(
      rows.map(([file, row, ...values]) => [placeName(Number(file), Number(row)), values]),
    );
    return places.map(({ file, row }) => {
      const values = found.get(placeName(file, row));
      if (values === undefined) throw new Error(`Row ${row} of ${files.locations[file] ?? ''} was not read`);
      return values;
    });
  }

  /** Undefined where a scan of everything is better. */
  private sourceOf(
    columns: readonly string[],
    files: ScannedFiles,
    ranges: readonly RowRange[],
  ): RowSource | undefined {
    if (!isReadByRange(ranges)) return undefined;
    return rowsIn(this.snapshot, columns, files, ranges);
  }

  /** Undefined where neither the log nor the files tell. */
  private async find({ order: [first], limit, offset }: PageRequest): Promise<FoundPage | undefined> {
    if (first === undefined || this.filters.length > 0 || (await this.count()) <= FEW_ROWS) return undefined;
    const name = `${first.direction} ${first.column}`;
    if (!this.indexes.has(name) && this.indexes.size >= REMEMBERED_ORDERS) this.indexes.clear();
    if (!this.indexes.has(name))
      this.indexes.set(name, KeyIndex.of(this.snapshot, this.table, first, this.facts));
    return this.indexes.get(name)?.find(offset, limit);
  }

  private async countFiltered(): Promise<number> {
    if (this.snapshot.files.length === 0) return 0;
    return this.files.with(undefined, async (locations) => {
      const source = allRows(this.snapshot, filteredColumns(this.filters), { locations });
      const query = countQuery(this.snapshot, source, this.filters);
      const [row] = await this.engine.query(query.sql, query.lists);
      return Number(row?.[0]);
    });
  }

  private async countRows(): Promise<number> {
    if (this.filters.length > 0) return this.countFiltered();
    const known = this.snapshot.files.reduce((sum, file) => sum + (file.numRecords ?? 0), 0);
    const unknown = this.snapshot.files.filter(({ numRecords }) => numRecords === undefined);
    if (unknown.length === 0) return known;
    const sql = 'SELECT sum(num_rows) FROM parquet_file_metadata($1)';
    const paths = unknown.map(({ path }) => path);
    const [row] = await this.table.withLocal(paths, (locations) => this.engine.query(sql, [locations]));
    return known + Number(row?.[0]);
  }
}

const textOf = ([text]: EngineRow) => String(text);

const placeName = (file: number, row: number) => `${file}/${row}`;
