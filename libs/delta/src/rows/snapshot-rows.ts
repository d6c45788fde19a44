import type { RecordBatch } from 'apache-arrow';
import { BoundedCache } from '../bounded-cache';
import type { DuckDbEngine, EngineChunks } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles, WantedFiles } from '../storage/table-storage';
import { recordBatch } from './arrow-batch';
import { countByQuery } from './group-query';
import type { ValueCount } from './group-query';
import { narrowed } from './narrowed';
import { checkRequest, shownColumns, sortedRowsQuery } from './page-query';
import type { PageRequest, RowFormat } from './page-query';
import { parquetQuery } from './parquet-query';
import { RowCount } from './row-count';
import { filteredColumns } from './row-filter';
import type { RowFilter } from './row-filter';
import { RowPages } from './row-pages';
import { RowPlaces } from './row-places';
import type { ReadBefore } from './row-places';
import { allRows } from './row-source';
import { numberOfRows, rowsOfChunks } from './row-chunks';
import type { ChunkRows } from './row-chunks';
import { textOfRows } from './row-text';
import type { LineFormat, RowText, TextFormat } from './row-text';
import { SnapshotFiles } from './snapshot-files';

/** Rows of a long result that are looked up at once. */
const ROWS_AT_ONCE = 5_000;
/** Of small snapshots: conditions of which it is remembered which files they leave. */
const REMEMBERED_FILTERS = 16;

/** The rows of one snapshot that fulfil conditions. What it learns once of its files holds for ever, as the version does. */
export class SnapshotRows {
  private readonly files: SnapshotFiles;
  private readonly total: RowCount;
  private readonly places: RowPlaces;
  private readonly pages: RowPages;
  private readonly filtered: BoundedCache<SnapshotRows>;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
    private readonly engine: DuckDbEngine,
    private readonly before: ReadBefore,
    private readonly filters: readonly RowFilter[] = [],
  ) {
    this.files = new SnapshotFiles(snapshot, table);
    this.total = new RowCount(snapshot, table, engine, filters);
    this.places = new RowPlaces(snapshot, table, engine, this.total, filters, before);
    this.pages = new RowPages(snapshot, table, engine, this.total, this.places);
    // Together they take as much memory as the snapshot itself, in which its files are what counts.
    const most = snapshot.files.length + REMEMBERED_FILTERS;
    this.filtered = new BoundedCache(most, (rows) => rows.snapshot.files.length + 1);
  }

  /** The rows of them that fulfil conditions: in as few of the files as the log allows. @throws UnknownDeltaColumn */
  async where(filters: readonly RowFilter[] = []): Promise<SnapshotRows> {
    if (filters.length === 0) return this;
    return this.filtered.get(JSON.stringify(filters), () => {
      const { snapshot, filters: left } = narrowed(this.snapshot, [...this.filters, ...filters]);
      return Promise.resolve(new SnapshotRows(snapshot, this.table, this.engine, this.before, left));
    });
  }

  /** The sum of the log's statistics, where no condition is left; the footers are opened only of files without. */
  count(): Promise<number> {
    return this.total.get();
  }

  page(request: PageRequest, format: TextFormat): Promise<RowText> {
    return this.pages.text(request, format);
  }

  /**
   * The rows of a request however long, some thousands at a time, each read when it is asked for. Looked up page by page where that costs
   * the same for each; otherwise sorted once, and held by the engine (on disk, where they are many) until the last is taken.
   */
  texts(request: PageRequest, format: LineFormat): AsyncGenerator<RowText, void, undefined> {
    return this.parts(request, format, (rows) => textOfRows(rows, format));
  }

  /** As `texts`, as record batches of Arrow. */
  async *recordBatches(request: PageRequest): AsyncGenerator<RecordBatch, void, undefined> {
    const shown = new Set(shownColumns(this.snapshot, request.columns));
    const fields = this.snapshot.schema.filter(({ name }) => shown.has(name));
    const batches = this.parts(request, 'arrow', (rows) => recordBatch(fields, rows));
    let isEmpty = true;
    for await (const batch of batches) {
      isEmpty = false;
      yield batch;
    }
    // Of no rows too there are columns to tell.
    if (isEmpty) yield recordBatch(fields, []);
  }

  /**
   * All rows of a request as a Parquet file, sorted once.
   *
   * @param writer an engine that can write the file.
   */
  async writeParquet(writer: DuckDbEngine, request: PageRequest, file: string): Promise<void> {
    checkRequest(this.snapshot, request);
    await writer.inTurn(() => {
      request.signal?.throwIfAborted();
      return this.files.with(undefined, (locations) => {
        const { filters } = this;
        const query = parquetQuery(this.snapshot, locations, { ...request, filters }, file);
        return writer.run(query.sql, query.lists, request.signal);
      });
    });
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

  private async *parts<T>(
    request: PageRequest,
    format: RowFormat,
    partOf: (rows: readonly ChunkRows[]) => T,
  ): AsyncGenerator<T, void, undefined> {
    checkRequest(this.snapshot, request);
    const { offset, limit } = request;
    const end = Math.min(await this.count(), offset + limit);
    const first = { ...request, limit: Math.max(0, Math.min(ROWS_AT_ONCE, end - offset)) };
    if (offset + first.limit < end && !(await this.places.isFoundCheaply(first))) {
      for await (const rows of this.sorted(request, format)) yield partOf(rows);
      return;
    }
    for (let from = offset; from < end; from += ROWS_AT_ONCE) {
      const page = { ...request, offset: from, limit: Math.min(ROWS_AT_ONCE, end - from) };
      yield partOf(await this.pages.rows(page, format));
    }
  }

  private async *sorted(
    request: PageRequest,
    format: RowFormat,
  ): AsyncGenerator<readonly ChunkRows[], void, undefined> {
    const { chunks, first } = await this.engine.inTurn(() => {
      request.signal?.throwIfAborted();
      // All rows are sorted before the first one comes: whoever takes them slowly holds no files.
      return this.files.with(undefined, async (locations) => {
        const all = this.sortedChunks(locations, request, format);
        return { chunks: all, first: await all.next() };
      });
    });
    try {
      if (first.done !== true) yield rowsOfChunks([first.value]);
      for (;;) {
        // In turn with the pages: the engine would spend most of its time on rows that come as fast as they are taken.
        const part = await this.engine.pageInTurn(request.signal, () => someOf(chunks, ROWS_AT_ONCE));
        if (part.length === 0) return;
        yield part;
      }
    } finally {
      await chunks.return();
    }
  }

  private sortedChunks(locations: readonly string[], request: PageRequest, format: RowFormat): EngineChunks {
    const { filters } = this;
    const columns = shownColumns(this.snapshot, request.columns);
    const names = [...columns, ...request.order.map(({ column }) => column), ...filteredColumns(filters)];
    const source = allRows(this.snapshot, names, locations);
    const query = sortedRowsQuery(this.snapshot, source, columns, { ...request, filters }, format);
    return this.engine.streamChunks(query.sql, query.lists, request.signal);
  }
}

/** The next rows, about so many; none where there are no more. */
async function someOf(chunks: EngineChunks, count: number): Promise<ChunkRows[]> {
  const some: ChunkRows[] = [];
  while (numberOfRows(some) < count) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    some.push(...rowsOfChunks([value]));
  }
  return some;
}
