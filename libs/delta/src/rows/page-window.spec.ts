import fc from 'fast-check';
import { RowBlocks } from './page-window';
import type { RowBlock } from './page-window';

interface Row {
  readonly key: number;
  readonly file: number;
  readonly row: number;
}

/** Blocks of so many rows, with bounds that may be wider than what is in them. */
function blocksOf(files: readonly (readonly number[])[], rowsOfBlock: number, slack = 0): RowBlock[] {
  return files.flatMap((keys, file) =>
    Array.from({ length: Math.ceil(keys.length / rowsOfBlock) }, (_, block) => {
      const firstRow = block * rowsOfBlock;
      const own = keys.slice(firstRow, firstRow + rowsOfBlock);
      const [lowest, highest] = [Math.min(...own) - slack, Math.max(...own) + slack];
      return { file, firstRow, rowCount: own.length, lowest: BigInt(lowest), highest: BigInt(highest) };
    }),
  );
}

const rowsOf = (files: readonly (readonly number[])[]): Row[] =>
  files.flatMap((keys, file) => keys.map((key, row) => ({ key, file, row })));

const inOrder = (rows: readonly Row[]): Row[] =>
  [...rows].sort((one, other) => one.key - other.key || one.file - other.file || one.row - other.row);

/** The page as whoever reads only the ranges finds it. */
function pageOf(files: readonly (readonly number[])[], blocks: RowBlock[], offset: number, limit: number) {
  const { rowsBefore, ranges } = new RowBlocks(blocks).window(offset, limit);
  const read = ranges.flatMap(({ file, from, to }) =>
    rowsOf(files).filter((row) => row.file === file && row.row >= from && row.row < to),
  );
  return inOrder(read).slice(offset - rowsBefore, offset - rowsBefore + limit);
}

describe('the rows where a page is', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 60 });
  const files = fc.array(
    fc.tuple(keys, fc.boolean()).map(([of, isSorted]) => (isSorted ? of.sort((a, b) => a - b) : of)),
    { maxLength: 5 },
  );

  it('hold it, however the files are ordered and wherever their blocks end', () => {
    const property = fc.property(
      files,
      fc.integer({ min: 1, max: 9 }),
      fc.nat(3),
      fc.nat(200),
      fc.nat(30),
      (of, rowsOfBlock, slack, offset, limit) => {
        const page = pageOf(of, blocksOf(of, rowsOfBlock, slack), offset, limit);
        expect(page).toEqual(inOrder(rowsOf(of)).slice(offset, offset + limit));
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  it('are few where files are sorted, at any offset', () => {
    const sorted = Array.from({ length: 10 }, (_, file) =>
      Array.from({ length: 5_000 }, (_, row) => row * 10 + file),
    );
    const blocks = new RowBlocks(blocksOf(sorted, 100));
    for (const offset of [0, 1, 12_345, 25_000, 49_900]) {
      const read = blocks.window(offset, 100).ranges.reduce((sum, { from, to }) => sum + to - from, 0);
      expect(read).toBeLessThanOrEqual(10 * 300);
    }
  });

  it('are told as ranges, of blocks beside each other as one', () => {
    const blocks = new RowBlocks(blocksOf([[1, 2, 3, 4, 5, 6]], 2));
    expect(blocks.window(1, 3)).toEqual({
      rowsBefore: 0,
      ranges: [{ file: 0, from: 0, to: 4 }],
      lowest: 1n,
      highest: 4n,
    });
    expect(blocks.window(4, 9)).toEqual({
      rowsBefore: 4,
      ranges: [{ file: 0, from: 4, to: 6 }],
      lowest: 5n,
      highest: 6n,
    });
  });

  it('are all where nothing is known', () => {
    const unknown = { lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };
    const blocks = new RowBlocks([
      { file: 0, firstRow: 0, rowCount: 2, ...unknown },
      { file: 1, firstRow: 0, rowCount: 3, lowest: 5n, highest: 9n },
    ]);
    expect(blocks.window(3, 1)).toEqual({
      rowsBefore: 0,
      ranges: [
        { file: 0, from: 0, to: 2 },
        { file: 1, from: 0, to: 3 },
      ],
      ...unknown,
    });
  });

  it('may be in as many rows as are in blocks between their bounds', () => {
    const blocks = new RowBlocks(
      blocksOf(
        [
          [1, 2, 3, 4, 5, 6],
          [1, 6],
        ],
        2,
      ),
    );
    expect(blocks.rowsBetween({ lowest: 3n, highest: 3n })).toBe(4);
    expect(blocks.rowsBetween({ lowest: 2n, highest: 4n })).toBe(6);
    expect(blocks.rowsBetween({ lowest: 7n, highest: 9n })).toBe(0);
    expect(blocks.rowsBetween({ lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY })).toBe(
      8,
    );
  });

  it('are none after the end, and of a page without rows', () => {
    const blocks = new RowBlocks(blocksOf([[1, 2]], 1));
    expect(blocks.window(2, 5).ranges).toEqual([]);
    expect(blocks.window(0, 0).ranges).toEqual([]);
    expect(new RowBlocks([]).window(0, 5).ranges).toEqual([]);
  });
});
