import { z } from 'zod';
import { closedObject } from './closed-object';
import { normalShare } from './normal-share';

const LARGEST = Number.MAX_SAFE_INTEGER;
const magnitude = z.number().min(-LARGEST).max(LARGEST);
const spread = z.number().positive().max(LARGEST);
const limits = { min: magnitude.optional(), max: magnitude.optional() };

interface Limits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

const isForward = ({ min, max }: Limits) => min === undefined || max === undefined || min <= max;
const NOT_BELOW_MIN = { path: ['max'], error: 'must not be below min' };

/** How numbers are spread. */
export const distributionSchema = z.discriminatedUnion('type', [
  closedObject({ type: z.literal('uniform'), min: magnitude, max: magnitude }).refine(
    isForward,
    NOT_BELOW_MIN,
  ),
  closedObject({ type: z.literal('normal'), mean: magnitude, stddev: spread, ...limits }).refine(
    isForward,
    NOT_BELOW_MIN,
  ),
  closedObject({
    type: z.literal('lognormal'),
    /** Mean of the natural logarithm: the median is e^mu. */
    mu: z.number().min(-50).max(50),
    sigma: z.number().positive().max(50),
    ...limits,
  }).refine(isForward, NOT_BELOW_MIN),
  closedObject({
    type: z.literal('exponential'),
    /** The mean is 1 / rate. */
    rate: z.number().min(1e-12).max(1e12),
  }),
]);

export type Distribution = z.infer<typeof distributionSchema>;
export type LimitedDistribution = Extract<Distribution, { readonly mean: number } | { readonly mu: number }>;

/** Values outside the limits are drawn again. Where nearly all are, that takes for ever. */
const SMALLEST_SHARE = 0.01;

/** Numbers that every reader of JSON and CSV takes as they are written, where no limit is given. */
export function limitsOf({ min, max }: Limits): { readonly min: number; readonly max: number } {
  return { min: min ?? -LARGEST, max: max ?? LARGEST };
}

/**
 * Whether the limits leave at least a hundredth of the values.
 * @param unit the last digit that is kept: values are rounded to it before they are compared with the limits.
 */
export function leavesEnough(distribution: Distribution, unit: number): boolean {
  if (distribution.type === 'uniform' || distribution.type === 'exponential') return true;
  const { min, max } = limitsOf(distribution);
  const [from, to] = [min - unit / 2, max + unit / 2].map((limit) => deviationsOf(distribution, limit));
  return normalShare(from ?? 0, to ?? 0) >= SMALLEST_SHARE;
}

/** How many standard deviations a value is above the mean. */
function deviationsOf(distribution: LimitedDistribution, value: number): number {
  if (distribution.type === 'normal') return (value - distribution.mean) / distribution.stddev;
  return (Math.log(Math.max(0, value)) - distribution.mu) / distribution.sigma;
}
