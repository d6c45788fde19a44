import type { Share } from './streamed-analysis';

type Row = Readonly<Record<string, unknown>>;

/** All rows of an analysis with the columns that depend on all of them. Of nothing there is no share: null. */
export function withShares(rows: readonly Row[], shares: readonly Share[]): Row[] {
  const totals = shares.map(({ of }) => rows.reduce((sum, row) => sum + (numberOf(row[of]) ?? 0), 0));
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      shares.map((share, index) => [share.column, percentOf(row[share.of], totals[index] ?? 0, share)]),
    ),
  }));
}

function percentOf(value: unknown, total: number, { decimals }: Share): number | null {
  const part = numberOf(value);
  return part === undefined || total === 0 ? null : rounded((part / total) * 100, decimals);
}

/** As Spark rounds: half away from zero, and by the shortest decimal that stands for the number. 1.005 becomes 1.01. */
export function rounded(value: number, decimals: number): number {
  const [digits, exponent = '0'] = String(Math.abs(value)).split('e');
  const whole = Math.round(Number(`${digits}e${Number(exponent) + decimals}`));
  return Math.sign(value) * Number(`${whole}e-${decimals}`);
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined);
