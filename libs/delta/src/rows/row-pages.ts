import type { DuckDbEngine } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import { keyRangeOf } from './key-range';
import { keyedRows, rowsBetween } from './keyed-rows';
import { amongRows, checkRequest, rowsQuery, shownColumns } from './page-query';
import type { PageRequest, RowFormat, RowQuery } from './page-query';
import type { RowCount } from './row-count';
import type { RowPlaces } from './row-places';
import { isReadByRange, rangesOf, rowsOf } from './row-ranges';
import { numberOfRows, rowsOfChunks } from './row-chunks';
import type { ChunkRows } from './row-chunks';
import type { RowRange } from './page-window';
import { textOfRows } from './row-text';
import type { RowText, TextFormat } from './row-text';
import { allRows } from './row-source';
import type { RowSource } from './row-source';
import { SnapshotFiles } from './snapshot-files';
import type { PagePlaces } from './sought-rows';

/**
 * Pages of rows. One costs the same at every offset where the files are sorted by the first column of the order, which must be of whole
 * numbers or times.
 */
export class RowPages {
  private readonly files: SnapshotFiles;

  constructor(
    private readonly snapshot: Snapshot,
    table: TableFiles,
    private readonly engine: DuckDbEngine,
    private readonly count: RowCount,
    private readonly places: RowPlaces,
  ) {
    this.files = new SnapshotFiles(snapshot, table);
  }

  async text(request: PageRequest, format: TextFormat): Promise<RowText> {
    return textOfRows(await this.rows(request, format), format);
  }

  async rows(request: PageRequest, format: RowFormat): Promise<readonly ChunkRows[]> {
    checkRequest(this.snapshot, request);
    const { limit, offset, signal } = request;
    if (limit === 0 || offset >= (await this.count.get())) return [];
    const page = await this.places.of(request);
    const ranges = rangesOf(page.places);
    const files = isReadByRange(ranges) ? ranges.map(({ file }) => file) : undefined;
    const chunks = await this.files.with(files, (locations) => {
      const { sql, lists } = this.query(page, request, format, ranges, locations);
      return this.engine.pageInTurn(signal, () => this.engine.chunks(sql, lists));
    });
    const read = numberOfRows(rowsOfChunks(chunks));
    if (read !== page.places.length)
      throw new Error(`Of ${page.places.length} rows of ${this.snapshot.tablePath} ${read} were read`);
    return rowsOfChunks(chunks, page.before, page.before + limit);
  }

  private query(
    page: PagePlaces,
    { order, columns: asked }: PageRequest,
    format: RowFormat,
    ranges: readonly RowRange[],
    locations: readonly string[],
  ): RowQuery {
    const columns = shownColumns(this.snapshot, asked);
    const names = [...columns, ...order.map(({ column }) => column)];
    const source = this.source(page, order, names, ranges, locations);
    return rowsQuery(this.snapshot, source, columns, order, format);
  }

  /** The rows at the places of a page, and no others. */
  private source(
    { places, keys }: PagePlaces,
    order: PageRequest['order'],
    names: readonly string[],
    ranges: readonly RowRange[],
    locations: readonly string[],
  ): RowSource {
    const alone = keys && rowsBetween(this.snapshot, names, locations, ranges, keys);
    if (alone !== undefined) return alone;
    if (!isReadByRange(ranges)) return amongRows(allRows(this.snapshot, names, locations), places);
    const source = keyedRows(this.snapshot, names, locations, ranges, keyRangeOf(order, places));
    return places.length === rowsOf(ranges) ? source : amongRows(source, places);
  }
}
