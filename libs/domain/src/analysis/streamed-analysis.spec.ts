import { ANALYSES } from './analysis-catalog';
import { rounded, withShares } from './shares';
import { STREAMED, STREAMED_ANALYSES, streamedEntry, streamedTableColumns } from './streamed-analysis';

describe('an analysis that a stream keeps', () => {
  it.each(STREAMED_ANALYSES)('%s: what it groups by and its shares are columns of the catalog', (name) => {
    const columns = ANALYSES[name].columns.map((column) => column.name);
    const { groupBy, shares } = STREAMED[name];
    expect(columns).toEqual(expect.arrayContaining([...groupBy]));
    for (const { column, of } of shares) expect(columns).toEqual(expect.arrayContaining([column, of]));
  });

  it.each(STREAMED_ANALYSES)(
    '%s: its table and its shares together are the catalog, in its order',
    (name) => {
      const stored = streamedTableColumns(name).map((column) => column.name);
      const shares = STREAMED[name].shares.map(({ column }) => column);
      expect(stored.at(-1)).toBe('as_of');
      expect([...stored.slice(0, -1), ...shares]).toEqual(
        ANALYSES[name].columns.map((column) => column.name),
      );
    },
  );

  it('is ordered by columns that are stored', () => {
    for (const name of STREAMED_ANALYSES) {
      const stored = streamedEntry(name).columns.map((column) => column.name);
      expect(stored).toEqual(expect.arrayContaining(ANALYSES[name].order.map(({ column }) => column)));
    }
  });
});

describe('shares', () => {
  const shares = [{ column: 'share', of: 'revenue', decimals: 2 }];
  const of = (...revenues: readonly (number | null)[]) =>
    withShares(
      revenues.map((revenue) => ({ revenue })),
      shares,
    ).map(({ share }) => share);

  it('are parts of the sum in percent', () => {
    expect(of(1, 2, 5)).toEqual([12.5, 25, 62.5]);
    expect(of(1, 1, 1)).toEqual([33.33, 33.33, 33.33]);
  });

  it('are null where there is no sum, or the row has no part of it', () => {
    expect(of(0, 0)).toEqual([null, null]);
    expect(of(4, null)).toEqual([100, null]);
    expect(of()).toEqual([]);
  });

  it('leave the other columns as they are', () => {
    expect(withShares([{ method: 'upi', revenue: 3 }], shares)).toEqual([
      { method: 'upi', revenue: 3, share: 100 },
    ]);
    expect(withShares([{ method: 'upi', revenue: 3 }], [])).toEqual([{ method: 'upi', revenue: 3 }]);
  });

  it.each([
    [1.005, 1.01],
    [2.675, 2.68],
    [33.335, 33.34],
    [-1.005, -1.01],
    [0.004, 0],
    [5e-9, 0],
    [99.999, 100],
    [12.3, 12.3],
  ])('round %d to %d', (value, expected) => {
    expect(rounded(value, 2)).toBeCloseTo(expected, 12);
  });
});
