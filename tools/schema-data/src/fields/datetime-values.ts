import { DAYS_PER_WEEK, HOURS_PER_DAY, windowOf, windowProblem } from '@millrace/domain';
import type { DatetimeField, Ramp, Seasonality, TimeWindow } from '@millrace/domain';
import type { Random } from '@millrace/generator';
import { CumulativeWeights } from '../cumulative-weights';
import type { FieldContext, MakeValue } from './field-value';

const HOUR_MS = 3_600_000;
const DAY_MS = HOURS_PER_DAY * HOUR_MS;
/** 1970 began on a Thursday; weeks begin on Mondays. */
const FIRST_WEEKDAY = 3;

/** @throws InvalidDatasetDefinition where the window has no time in it. */
export function datetimeValues(
  field: DatetimeField,
  { random, referenceMs, refuse }: FieldContext,
): MakeValue {
  const window = windowOf(field, referenceMs);
  const problem = windowProblem(window);
  if (problem !== undefined) throw refuse(['end'], problem);
  const drawMs = momentsOf(field, window, random);
  if (drawMs === undefined) {
    throw refuse(['seasonality'], 'must have a weight above 0 between start and end');
  }
  return () => new Date(drawMs()).toISOString();
}

/** Draws milliseconds since 1970; undefined: none has a weight. */
function momentsOf(
  { seasonality, ramp }: DatetimeField,
  window: TimeWindow,
  random: Random,
): (() => number) | undefined {
  if (seasonality !== undefined) return seasonalMoments(seasonality, window, random);
  const { startMs, endMs } = window;
  const lengthMs = endMs - startMs;
  const share = ramp === undefined ? () => random.precise() : () => rampShare(ramp, random.precise());
  // The share of a ramp may be rounded up to 1.
  return () => startMs + Math.min(lengthMs - 1, Math.floor(share() * lengthMs));
}

/**
 * Where a ramp has had the share `u` of its moments, 0 to 1: the inverse of its cumulated weights. Written so that nothing
 * is lost where both ends weigh nearly the same.
 */
function rampShare({ from, to }: Ramp, u: number): number {
  const root = Math.sqrt(from * from + u * (to * to - from * from));
  return from + root === 0 ? 0 : (u * (from + to)) / (from + root);
}

/**
 * An hour of the calendar is drawn by the product of the weights of hour and weekday and by how much of it is in the window,
 * then a moment in it, all equally likely: the shares are exactly those asked for, whatever the size of the weights.
 */
function seasonalMoments(
  seasonality: Seasonality,
  { startMs, endMs }: TimeWindow,
  random: Random,
): (() => number) | undefined {
  const weigh = weigherOf(seasonality);
  const firstHour = Math.floor(startMs / HOUR_MS);
  const hours = Math.ceil(endMs / HOUR_MS) - firstHour;
  const fromOf = (index: number): number => Math.max(startMs, (firstHour + index) * HOUR_MS);
  const toOf = (index: number): number => Math.min(endMs, (firstHour + index + 1) * HOUR_MS);
  const weights = Float64Array.from(
    { length: hours },
    (_, index) => weigh(firstHour + index) * (toOf(index) - fromOf(index)),
  );
  if (weights.every((weight) => weight === 0)) return undefined;
  const cumulative = new CumulativeWeights(weights);
  return () => {
    const index = cumulative.indexAt(random.precise());
    const fromMs = fromOf(index);
    return fromMs + Math.floor(random.next() * (toOf(index) - fromMs));
  };
}

/** The weight of an hour, given by its number since 1970. */
function weigherOf({ hours, weekdays }: Seasonality): (hour: number) => number {
  return (hour) => {
    const day = Math.floor((hour * HOUR_MS) / DAY_MS);
    const weekday = (((day + FIRST_WEEKDAY) % DAYS_PER_WEEK) + DAYS_PER_WEEK) % DAYS_PER_WEEK;
    return (hours?.[hour - day * HOURS_PER_DAY] ?? 1) * (weekdays?.[weekday] ?? 1);
  };
}
