import type { SortKey } from '@millrace/domain';
import type { Bounds } from './log-bounds';

/** Rows from one milestone to the next; more where there would be too many milestones, of 24 bytes each. */
const FEWEST_ROWS_BETWEEN = 64;
const MOST_MILESTONES = 250_000;
/** More rows with one key are not worth to be sorted for a page. */
const MOST_TIED = 1_000;

/** Rows with keys between some bounds, both included. */
export interface RowsBetween extends Bounds {
  readonly lowest: bigint;
  readonly highest: bigint;
  readonly rows: number;
  /** Of these that come before the first one that is sought. */
  readonly before: number;
}

/** Of the rows at 0, `distance`, 2 * `distance`, … and the last one. */
interface Marks {
  /** As they are stored. */
  readonly keys: BigInt64Array;
  /** Numbers of the rows that come before all with such a key. */
  readonly starts: Float64Array;
  /** Of those, and of all with the key. */
  readonly ends: Float64Array;
}

/** The keys of some rows of an order, at equal distances: between which keys a page is, they tell without a look at any file. */
export class Milestones {
  constructor(
    private readonly direction: SortKey['direction'],
    private readonly distance: number,
    private readonly marks: Marks,
  ) {}

  get length(): number {
    return this.marks.keys.length;
  }

  /** Few more rows than those from `offset` on. @param rows at least one, all of which there are. */
  around(offset: number, rows: number): RowsBetween | undefined {
    const first = Math.floor(offset / this.distance);
    const last = Math.min(Math.ceil((offset + rows - 1) / this.distance), this.length - 1);
    const { keys, starts, ends } = this.marks;
    const [from, to, start, end] = [keys[first], keys[last], starts[first], ends[last]];
    if (from === undefined || to === undefined || start === undefined || end === undefined) return undefined;
    const [lowest, highest] = this.direction === 'asc' ? [from, to] : [to, from];
    return { lowest, highest, rows: end - start, before: offset - start };
  }
}

/** Makes milestones of the keys of all rows, as they come in their order. */
export class MilestoneCollector {
  private readonly distance: number;
  private readonly keys: BigInt64Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private length = 0;
  /** The next row that a milestone is at. */
  private next = 0;
  private rows = 0;
  private key: bigint | undefined;
  private start = 0;

  /** @param total number of rows. */
  constructor(
    private readonly direction: SortKey['direction'],
    private readonly total: number,
  ) {
    this.distance = Math.max(FEWEST_ROWS_BETWEEN, Math.ceil(total / MOST_MILESTONES));
    const most = Math.ceil(total / this.distance) + 1;
    this.keys = new BigInt64Array(most);
    this.starts = new Float64Array(most);
    this.ends = new Float64Array(most);
  }

  /** @returns false where so many rows have one key that milestones are of no use. */
  add(key: bigint): boolean {
    if (key !== this.key) {
      this.endKey();
      this.key = key;
      this.start = this.rows;
    }
    this.rows += 1;
    return this.rows - this.start <= MOST_TIED;
  }

  /** Undefined where there were not as many rows as there should be. */
  milestones(): Milestones | undefined {
    if (this.rows !== this.total) return undefined;
    this.endKey();
    if (this.ends[this.length - 1] !== this.total) {
      this.next = this.total - 1;
      this.endKey();
    }
    const { keys, starts, ends, length } = this;
    const marks = {
      keys: keys.slice(0, length),
      starts: starts.slice(0, length),
      ends: ends.slice(0, length),
    };
    return new Milestones(this.direction, this.distance, marks);
  }

  private endKey(): void {
    for (; this.key !== undefined && this.next < this.rows; this.next += this.distance) {
      this.keys[this.length] = this.key;
      this.starts[this.length] = this.start;
      this.ends[this.length] = this.rows;
      this.length += 1;
    }
  }
}
