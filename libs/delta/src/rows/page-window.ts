/** A bound of the values of a column: whole numbers of any size, or nothing known to that side. */
export type Bound = bigint | number;

/** Rows of a file beside each other, with bounds of what they hold in the first column of an order. */
export interface RowBlock {
  /** Index in the snapshot's files. */
  readonly file: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly lowest: Bound;
  readonly highest: Bound;
}

/** Rows `from` up to, without it, `to` of a file. */
export interface RowRange {
  readonly file: number;
  readonly from: number;
  readonly to: number;
}

/** Where the rows of a page are. */
export interface PageWindow {
  /** Rows of other blocks that come before the page, all of them before every row of the ranges that is in it. */
  readonly rowsBefore: number;
  /** Every row of the page, and as few others as the bounds allow. In the order of files and rows. */
  readonly ranges: readonly RowRange[];
  /** Bounds of all rows of the ranges. */
  readonly lowest: Bound;
  readonly highest: Bound;
}

type KeyBounds = Pick<PageWindow, 'lowest' | 'highest'>;

interface CountedBound {
  readonly bound: Bound;
  /** Of this block and those before it. */
  readonly rowsUpTo: number;
}

/**
 * Tells from bounds alone in which rows a page must lie: whether a row comes before the page is known of most blocks without
 * reading any of them. With sorted files that leaves a block or two of each; with unsorted ones it may leave all, and is
 * right all the same.
 */
export class RowBlocks {
  private readonly byLowest: readonly CountedBound[];
  private readonly byHighest: readonly CountedBound[];

  /** @param blocks of all rows, those of a file in the order of their rows. */
  constructor(private readonly blocks: readonly RowBlock[]) {
    this.byLowest = counted(blocks, ({ lowest }) => lowest);
    this.byHighest = counted(blocks, ({ highest }) => highest);
  }

  get length(): number {
    return this.blocks.length;
  }

  /** @param offset of the page among all rows, in the order that the bounds belong to, whatever comes after its first column. */
  window(offset: number, limit: number): PageWindow {
    const total = this.byLowest.at(-1)?.rowsUpTo ?? 0;
    if (offset >= total || limit === 0) return { rowsBefore: 0, ...boundedRanges([]) };
    // Of the rows below `from` there are no more than `offset`: none of them is in the page.
    const from = firstOver(this.byLowest, offset);
    // Of the rows up to `to` there are enough for the end of the page: none above is in it.
    const to = firstOver(this.byHighest, Math.min(offset + limit, total) - 1);
    let rowsBefore = 0;
    const within: RowBlock[] = [];
    for (const block of this.blocks) {
      if (block.highest < from) rowsBefore += block.rowCount;
      else if (block.lowest <= to) within.push(block);
    }
    return { rowsBefore, ...boundedRanges(within) };
  }

  /** Rows of the blocks that may hold rows within some bounds. */
  rowsBetween(bounds: KeyBounds): number {
    return this.between(bounds).reduce((sum, { rowCount }) => sum + rowCount, 0);
  }

  /** Each once. */
  filesBetween(bounds: KeyBounds): readonly number[] {
    return [...new Set(this.between(bounds).map(({ file }) => file))];
  }

  private between({ lowest, highest }: KeyBounds): readonly RowBlock[] {
    return this.blocks.filter((block) => block.highest >= lowest && block.lowest <= highest);
  }
}

function counted(blocks: readonly RowBlock[], boundOf: (block: RowBlock) => Bound): readonly CountedBound[] {
  let rowsUpTo = 0;
  return blocks
    .map((block) => ({ bound: boundOf(block), rowCount: block.rowCount }))
    .sort((one, other) => (one.bound < other.bound ? -1 : Number(one.bound > other.bound)))
    .map(({ bound, rowCount }) => ({ bound, rowsUpTo: (rowsUpTo += rowCount) }));
}

/** The bound of the first of which, with those before it, there are more rows than `rows`. */
function firstOver(bounds: readonly CountedBound[], rows: number): Bound {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle]?.rowsUpTo ?? 0) > rows) high = middle;
    else low = middle + 1;
  }
  return bounds[low]?.bound ?? Number.POSITIVE_INFINITY;
}

function boundedRanges(blocks: readonly RowBlock[]): Omit<PageWindow, 'rowsBefore'> {
  let lowest: Bound = Number.POSITIVE_INFINITY;
  let highest: Bound = Number.NEGATIVE_INFINITY;
  for (const block of blocks) {
    if (block.lowest < lowest) lowest = block.lowest;
    if (block.highest > highest) highest = block.highest;
  }
  return { ranges: joined(blocks), lowest, highest };
}

function joined(blocks: readonly RowBlock[]): RowRange[] {
  const ranges: { file: number; from: number; to: number }[] = [];
  for (const { file, firstRow, rowCount } of blocks) {
    const last = ranges.at(-1);
    if (last?.file === file && last.to === firstRow) last.to += rowCount;
    else ranges.push({ file, from: firstRow, to: firstRow + rowCount });
  }
  return ranges;
}
