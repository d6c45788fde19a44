import { randomUUID } from 'node:crypto';
import type { SortKey } from '@millrace/domain';
import type { BackgroundWork } from '../background-work';
import type { BoundedCache } from '../bounded-cache';
import type { DuckDbEngine } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import { KeyIndex } from './key-index';
import type { FoundPage, KnownBlocks } from './key-index';
import { keyRangeOf, storedKey, withinKeys } from './key-range';
import { KeyWalk } from './key-walk';
import { keyedRows } from './keyed-rows';
import type { Milestones } from './milestones';
import { placesQuery } from './page-query';
import type { PageRequest, RowPlace, RowQuery } from './page-query';
import type { RowCount } from './row-count';
import { filteredColumns } from './row-filter';
import type { RowFilter } from './row-filter';
import { isReadByRange, rowsOf } from './row-ranges';
import { allRows } from './row-source';
import { SnapshotFiles } from './snapshot-files';
import { MOST_TIED, byKeyAlone, pageOf } from './sought-rows';
import type { PagePlaces, RowsByKey, SoughtRows } from './sought-rows';

/** What is remembered of the files of all snapshots. */
export interface ReadBefore {
  readonly blocks: KnownBlocks;
  /** Of rows in their order. */
  readonly places: BoundedCache<SoughtRows>;
  /** Of orders; undefined of those that have none. */
  readonly milestones: BoundedCache<Milestones | undefined>;
  readonly background: BackgroundWork;
}

/** Rows that are sought at once: whoever asks for a page asks for the next ones too, and the seeking is much of its time. */
const ROWS_AT_ONCE = 2_000;
/** So few rows are sorted sooner than the footers of their files are read. */
const FEW_ROWS = 10_000;
/** Rows that are looked at for each one of a part. */
const MOST_READ_PER_ROW = 10;
/** Of a snapshot: orders of which it is remembered where their pages are. */
const REMEMBERED_ORDERS = 4;

/** Where the rows of a snapshot are that fulfil conditions, in whatever order is asked for. */
export class RowPlaces {
  /** Of these alone: a table may be deleted and made again. */
  private readonly id = randomUUID();
  private readonly files: SnapshotFiles;
  /** By column and direction. */
  private readonly indexes = new Map<string, KeyIndex | undefined>();
  /** Orders whose first column does not tell their rows apart. */
  private readonly tied = new Set<string>();
  private readonly walk: KeyWalk;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
    private readonly engine: DuckDbEngine,
    private readonly count: RowCount,
    private readonly filters: readonly RowFilter[],
    private readonly before: ReadBefore,
  ) {
    this.files = new SnapshotFiles(snapshot, table);
    const find = (first: SortKey, offset: number, limit: number) =>
      this.find({ order: [first], offset, limit });
    this.walk = new KeyWalk(snapshot, this.files, engine, find);
  }

  /** The rows of a page, which must begin before the last row. */
  async of(request: PageRequest): Promise<PagePlaces> {
    const { order, offset, limit } = request;
    const end = Math.min(offset + limit, await this.count.get());
    const passed = this.betweenMilestones(request, end);
    if (passed !== undefined) return passed;
    const isOfParts = limit <= ROWS_AT_ONCE;
    const from = isOfParts ? offset - (offset % ROWS_AT_ONCE) : offset;
    const parts = isOfParts ? await this.partsFrom(from, end, request) : [await this.seek(request)];
    const page = pageOf(parts, order, offset - from, end - from);
    return page ?? { places: (await this.inWholeOrder(request)).places };
  }

  /** Whether a part is looked up in little more than its own rows: else all together are sooner sorted once. */
  async isFoundCheaply(part: PageRequest): Promise<boolean> {
    const { ranges = [] } = (await this.find(part)) ?? {};
    return isReadByRange(ranges) && rowsOf(ranges) <= MOST_READ_PER_ROW * part.limit;
  }

  /** Parts of one length, which are remembered. */
  private async partsFrom(
    from: number,
    end: number,
    { order, signal }: PageRequest,
  ): Promise<readonly SoughtRows[]> {
    const parts: SoughtRows[] = [];
    for (let offset = from; offset < end; offset += ROWS_AT_ONCE) {
      const key = `${this.id}/${offset}/${JSON.stringify(order)}`;
      signal?.throwIfAborted();
      // Not given up with the page: others may wait for the same places.
      const part = { order, offset, limit: ROWS_AT_ONCE };
      parts.push(await this.before.places.get(key, () => this.seek(part)));
    }
    return parts;
  }

  private betweenMilestones({ order: [first], offset }: PageRequest, end: number): RowsByKey | undefined {
    const milestones = first && this.before.milestones.known(this.nameOf(first));
    const around = milestones?.around(offset, end - offset);
    if (first === undefined || around === undefined) return undefined;
    const { lowest, highest, rows, before } = around;
    const files = this.indexOf(first)?.filesBetween(around) ?? [];
    return { keys: { column: first.column, lowest, highest }, files, rows, before };
  }

  private async seek(request: PageRequest): Promise<SoughtRows> {
    const sought = await this.byFirstColumn(request);
    if (sought === undefined) return this.inWholeOrder(request);
    const [first] = request.order;
    if (first !== undefined && this.table.isLocal) this.setMilestones(first);
    return sought;
  }

  /** Beside what is asked for: until they are there, and where there are none, pages are sought. */
  private setMilestones(first: SortKey): void {
    const { milestones, background } = this.before;
    background.begin((signal) =>
      milestones.get(this.nameOf(first), async () => {
        const walked = this.walk.milestones(first, await this.count.get(), signal);
        // What hinders the walk hinders whoever asks for a page too, and is told to him.
        return walked.catch(() => undefined);
      }),
    );
  }

  /** Without a look at the other columns of the order, which are most of the work; undefined where that does not do. */
  private async byFirstColumn(request: PageRequest): Promise<SoughtRows | undefined> {
    const { order, offset, limit } = request;
    const name = JSON.stringify(order);
    if (order.length < 2 || this.tied.has(name)) return undefined;
    const start = Math.max(0, offset - MOST_TIED);
    const rows = offset - start + limit + MOST_TIED;
    const wider = { ...request, order: order.slice(0, 1), offset: start, limit: rows };
    const found = await this.find(wider);
    if (found?.keys === undefined) return undefined;
    const sought = byKeyAlone(await this.placesIn(found, wider), offset, limit);
    // As of these rows, it is so of most others.
    if (sought === undefined) this.tied.add(name);
    return sought;
  }

  private async inWholeOrder(request: PageRequest): Promise<SoughtRows> {
    const places = await this.placesIn(await this.find(request), request);
    return { places, isByKeyAlone: false, before: [], behind: [] };
  }

  private async placesIn(found: FoundPage | undefined, request: PageRequest): Promise<readonly RowPlace[]> {
    const within = found !== undefined && isReadByRange(found.ranges) ? found : undefined;
    const files = within?.ranges.map(({ file }) => file);
    return this.files.with(files, async (locations) => {
      const query = this.query(locations, within, request);
      const rows = await this.engine.pageInTurn(request.signal, () =>
        this.engine.query(query.sql, query.lists),
      );
      const places = rows.map(([file, row, key]) => ({
        file: Number(file),
        row: Number(row),
        key: typeof key === 'bigint' ? key : undefined,
      }));
      const keys = keyRangeOf(request.order, places);
      const isLed = keys !== undefined && withinKeys(this.snapshot, keys) !== undefined;
      return isLed && found?.isNarrow(keys, places.length) === true
        ? places
        : places.map(({ file, row }) => ({ file, row }));
    });
  }

  private query(
    locations: readonly string[],
    found: FoundPage | undefined,
    { order, limit, offset }: PageRequest,
  ): RowQuery {
    const { filters } = this;
    const [first] = order;
    const columns = [...order.map(({ column }) => column), ...filteredColumns(filters)];
    if (found === undefined || first === undefined) {
      const source = allRows(this.snapshot, columns, locations);
      return placesQuery(this.snapshot, source, { order, limit, offset, filters });
    }
    const source = keyedRows(this.snapshot, columns, locations, found.ranges, found.keys);
    const page = { order, limit, offset: offset - found.rowsBefore };
    return placesQuery(this.snapshot, source, page, [storedKey(this.snapshot, first)]);
  }

  /** Undefined where neither the log nor the files tell. */
  private async find({ order: [first], limit, offset }: PageRequest): Promise<FoundPage | undefined> {
    if (first === undefined || this.filters.length > 0 || (await this.count.get()) <= FEW_ROWS)
      return undefined;
    return this.indexOf(first)?.find(offset, limit);
  }

  private indexOf(first: SortKey): KeyIndex | undefined {
    const name = this.nameOf(first);
    if (!this.indexes.has(name) && this.indexes.size >= REMEMBERED_ORDERS) this.indexes.clear();
    if (!this.indexes.has(name))
      this.indexes.set(name, KeyIndex.of(this.snapshot, this.table, first, this.before.blocks));
    return this.indexes.get(name);
  }

  private readonly nameOf = ({ column, direction }: SortKey): string => `${this.id}/${direction} ${column}`;
}
