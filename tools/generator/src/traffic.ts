/** Relative traffic of each hour of the day (UTC): quiet at night, busy from 8 to 22 with a lunch and an evening peak. */
const HOURLY_SHAPE = [
  4, 3, 3, 3, 3, 4, 5, 8, 12, 14, 15, 16, 17, 16, 15, 14, 15, 16, 18, 19, 18, 15, 9, 6,
] as const;

const mean = HOURLY_SHAPE.reduce((sum: number, value) => sum + value, 0) / HOURLY_SHAPE.length;

/** Traffic of each hour (UTC) as a multiple of the day's mean. */
export const HOURLY_TRAFFIC: readonly number[] = HOURLY_SHAPE.map((value) => value / mean);

/** Traffic at this time as a multiple of the day's mean. */
export function trafficFactor(time: Date): number {
  return HOURLY_TRAFFIC[time.getUTCHours()] ?? 1;
}
