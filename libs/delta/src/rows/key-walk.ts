import type { SortKey } from '@millrace/domain';
import type { DuckDbEngine } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import type { FoundPage } from './key-index';
import { keyRangeBetween, storedKey, withinKeys } from './key-range';
import { keyedRows } from './keyed-rows';
import { MilestoneCollector } from './milestones';
import type { Milestones } from './milestones';
import { keysQuery } from './page-query';
import { columnValues, rowsOfChunks } from './row-chunks';
import { isReadByRange } from './row-ranges';
import type { SnapshotFiles } from './snapshot-files';

/** Rows whose keys are read at once: a query has costs of its own for each file, and pages wait for it. */
const ROWS_AT_ONCE = 100_000;
/** Rows beside each other that must be found without many others. */
const ROWS_OF_PART = 2_000;

/** Reads the keys of all rows in an order, once, so that no page has to be sought any more. */
export class KeyWalk {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly files: SnapshotFiles,
    private readonly engine: DuckDbEngine,
    /** Tells where rows are in the order of one column. */
    private readonly find: (first: SortKey, offset: number, limit: number) => Promise<FoundPage | undefined>,
  ) {}

  /** Undefined where rows between two keys are not found without many others, or not all have one. @param total of rows. */
  async milestones(first: SortKey, total: number, signal: AbortSignal): Promise<Milestones | undefined> {
    const collector = new MilestoneCollector(first.direction, total);
    for (let offset = 0; offset < total; offset += ROWS_AT_ONCE) {
      signal.throwIfAborted();
      const limit = Math.min(ROWS_AT_ONCE, total - offset);
      const found = await this.find(first, offset, limit);
      if (found?.keys === undefined || !isReadByRange(found.ranges)) return undefined;
      const keys = await this.keys(found, first, { offset, limit });
      if (!this.areNarrow(found, first, keys)) return undefined;
      for (const key of keys) if (!collector.add(key)) return undefined;
    }
    return collector.milestones();
  }

  private async keys(
    { ranges, keys, rowsBefore }: FoundPage,
    first: SortKey,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): Promise<readonly bigint[]> {
    const places = ranges.map(({ file }) => file);
    const chunks = await this.files.with(places, (locations) => {
      const source = keyedRows(this.snapshot, [first.column], locations, ranges, keys);
      const page = { order: [first], limit, offset: offset - rowsBefore };
      const query = keysQuery(this.snapshot, source, page, storedKey(this.snapshot, first));
      return this.engine.pageInTurn(undefined, () => this.engine.chunks(query.sql, query.lists));
    });
    const values = columnValues(rowsOfChunks(chunks), 0);
    return values.filter((value) => typeof value === 'bigint');
  }

  private areNarrow(found: FoundPage, { column, direction }: SortKey, keys: readonly bigint[]): boolean {
    for (let from = 0; from < keys.length; from += ROWS_OF_PART) {
      const part = keys.slice(from, from + ROWS_OF_PART);
      const range = keyRangeBetween({ column, direction }, part[0], part.at(-1));
      if (range === undefined || withinKeys(this.snapshot, range) === undefined) return false;
      if (!found.isNarrow(range, part.length)) return false;
    }
    return true;
  }
}
