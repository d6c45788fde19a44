import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { DuckDbEngine } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import { keyRangeOf } from './key-range';
import { keyedRows, rowsBetween } from './keyed-rows';
import { amongRows, checkRequest, rowsQuery, shownColumns } from './page-query';
import type { PageRequest, RowFormat } from './page-query';
import type { RowCount } from './row-count';
import type { RowPlaces } from './row-places';
import { isReadByRange, rangesOf, rowsOf } from './row-ranges';
import { numberOfRows, rowsOfChunks } from './row-chunks';
import type { ChunkRows } from './row-chunks';
import { textOfRows } from './row-text';
import type { RowText, TextFormat } from './row-text';
import { allRows } from './row-source';
import type { RowSource } from './row-source';
import { SnapshotFiles } from './snapshot-files';
import type { RowsAtPlaces, RowsByKey } from './sought-rows';

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
    const { limit, offset } = request;
    if (limit === 0 || offset >= (await this.count.get())) return [];
    const page = await this.places.of(request);
    return 'keys' in page ? this.byKey(page, request, format) : this.atPlaces(page, request, format);
  }

  private async byKey(
    { keys, files, rows, before }: RowsByKey,
    request: PageRequest,
    format: RowFormat,
  ): Promise<readonly ChunkRows[]> {
    const chunks = await this.read(request, format, files, rows, (locations, names) =>
      rowsBetween(this.snapshot, names, locations, files, keys),
    );
    return rowsOfChunks(chunks, before, before + request.limit);
  }

  private async atPlaces(
    { places }: RowsAtPlaces,
    request: PageRequest,
    format: RowFormat,
  ): Promise<readonly ChunkRows[]> {
    const ranges = rangesOf(places);
    const files = isReadByRange(ranges) ? ranges.map(({ file }) => file) : undefined;
    const chunks = await this.read(request, format, files, places.length, (locations, names) => {
      if (files === undefined) return amongRows(allRows(this.snapshot, names, locations), places);
      const source = keyedRows(this.snapshot, names, locations, ranges, keyRangeOf(request.order, places));
      return places.length === rowsOf(ranges) ? source : amongRows(source, places);
    });
    return rowsOfChunks(chunks);
  }

  /**
   * All rows of a source, of which there must be so many.
   *
   * @param files absent: all.
   * @param sourceOf makes it of the locations of the files and the names of the columns that are needed.
   */
  private async read(
    { order, columns: asked, signal }: PageRequest,
    format: RowFormat,
    files: readonly number[] | undefined,
    rows: number,
    sourceOf: (locations: readonly string[], names: readonly string[]) => RowSource,
  ): Promise<readonly DuckDBDataChunk[]> {
    const columns = shownColumns(this.snapshot, asked);
    const names = [...columns, ...order.map(({ column }) => column)];
    const chunks = await this.files.with(files, (locations) => {
      const source = sourceOf(locations, names);
      const { sql, lists } = rowsQuery(this.snapshot, source, columns, order, format);
      return this.engine.pageInTurn(signal, () => this.engine.chunks(sql, lists));
    });
    const found = numberOfRows(rowsOfChunks(chunks));
    if (found !== rows) throw new Error(`Of ${rows} rows of ${this.snapshot.tablePath} ${found} were read`);
    return chunks;
  }
}
