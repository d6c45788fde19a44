import { limitsOf } from '@millrace/domain';
import type { Distribution, FloatField, IntField, LimitedDistribution } from '@millrace/domain';
import type { Random } from '@millrace/generator';
import type { FieldContext, MakeValue } from './field-value';

type MakeNumber = () => number;

export function intValues({ distribution }: IntField, { random }: FieldContext): MakeValue {
  if (distribution.type !== 'uniform') return rounded(distribution, Math.round, random);
  const { min, max } = distribution;
  if (max - min < 0x1_0000_0000) return () => random.integer(min, max);
  return () => Math.min(max, min + Math.floor(random.precise() * (max - min + 1)));
}

export function floatValues({ distribution, decimals }: FloatField, { random }: FieldContext): MakeValue {
  return rounded(distribution, roundingTo(decimals), random);
}

/** Rounds to so many decimals; half goes up. */
export function roundingTo(decimals: number): (value: number) => number {
  const factor = 10 ** decimals;
  // 0 is added because -0 would be another number for some readers.
  return (value) => Math.round(value * factor) / factor + 0;
}

/** Rounded first and compared with the limits then, so that what is written keeps them. */
function rounded(distribution: Distribution, round: (value: number) => number, random: Random): MakeNumber {
  switch (distribution.type) {
    case 'uniform': {
      const { min, max } = distribution;
      return () => Math.min(max, Math.max(min, round(min + random.precise() * (max - min))));
    }
    case 'exponential': {
      const { rate } = distribution;
      return () => round(-Math.log(1 - random.precise()) / rate);
    }
    default:
      return withinLimits(distribution, round, random);
  }
}

/** Values outside the limits are drawn again: their share goes to all others, and none piles up at a limit. */
function withinLimits(
  distribution: LimitedDistribution,
  round: (value: number) => number,
  random: Random,
): MakeNumber {
  const { min, max } = limitsOf(distribution);
  const draw =
    distribution.type === 'normal'
      ? () => distribution.mean + distribution.stddev * standardNormal(random)
      : () => Math.exp(distribution.mu + distribution.sigma * standardNormal(random));
  return () => {
    for (;;) {
      const value = round(draw());
      if (value >= min && value <= max) return value;
    }
  };
}

/** Box and Muller's transform; its second value is left, so that each value costs the same draws. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.precise())) * Math.cos(2 * Math.PI * random.next());
}
