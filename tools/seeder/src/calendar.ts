import { CATEGORY_PROFILES, HOURLY_TRAFFIC, Weighted } from '@millrace/generator';
import type { Category, Random } from '@millrace/generator';
import type { HistorySettings } from './config';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Weekends sell 40 % more grocery and clothing, weekdays 30 % more electronics. */
const WEEKEND_FACTORS = { grocery: 1.4, clothing: 1.4 } as const;
const WEEKDAY_FACTORS = { electronics: 1.3 } as const;

export type CategoryFactors = Readonly<Partial<Record<Category, number>>>;

/** What a kind of day sells more of, as factors on the weights of the categories. */
export function categoryFactors(date: Date): CategoryFactors {
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  return isWeekend ? WEEKEND_FACTORS : WEEKDAY_FACTORS;
}

/** More of some categories means more sales, not fewer of the others: the factor on the day's volume. */
function volumeFactor(factors: CategoryFactors): number {
  return Object.entries(CATEGORY_PROFILES).reduce(
    (sum, [category, { weight }]) => sum + weight * (factors[category as Category] ?? 1),
    0,
  );
}

export interface HistoryDay {
  /** Midnight, UTC. */
  readonly date: Date;
  readonly records: number;
}

/** The days of the range with their numbers of records, which add up to the total exactly. */
export function historyDays({ days, endDate, totalRecords }: HistorySettings): HistoryDay[] {
  const dates = Array.from(
    { length: days },
    (_, day) => new Date(endDate.getTime() - (days - 1 - day) * DAY_MS),
  );
  const volumes = dates.map((date) => volumeFactor(categoryFactors(date)));
  const volume = volumes.reduce((sum, value) => sum + value, 0);
  let before = 0;
  let given = 0;
  return dates.map((date, day) => {
    // Rounding the running sum, not the day's share: no record is lost or added.
    before += volumes[day] ?? 0;
    const records = Math.round((before / volume) * totalRecords) - given;
    given += records;
    return { date, records };
  });
}

const hours = new Weighted(HOURLY_TRAFFIC.map((weight, hour) => [hour, weight] as const));

/** Times of so many sales within the day, ascending, in milliseconds since the epoch; most between 8 and 22. */
export function timesOfDay(random: Random, date: Date, count: number): Float64Array {
  const times = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    times[index] = date.getTime() + hours.pick(random) * HOUR_MS + random.integer(0, HOUR_MS - 1);
  }
  return times.sort();
}
