import { z } from 'zod';

const MOST_DECIMALS = 10;

/** Digits that are kept behind the point. */
export const decimalsSchema = z.int().min(0).max(MOST_DECIMALS);

/** Adds a problem where rounding would overstep a limit: it must have no more digits behind the point than are kept. */
export function checkDecimals(
  limit: number,
  decimals: number,
  path: readonly string[],
  context: z.RefinementCtx,
): void {
  if (Number(limit.toFixed(decimals)) === limit) return;
  const wanted = decimals === 0 ? 'a whole number' : `a number of at most ${decimals} decimals`;
  context.addIssue({ code: 'custom', path: [...path], message: `must be ${wanted}` });
}
