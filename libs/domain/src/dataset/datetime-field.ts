import { z } from 'zod';
import { closedObject } from './closed-object';
import { commonFieldShape } from './field-name';
import { isRelative, momentMs, momentSchema } from './moment';
import { weightListSchema, weightSchema } from './weights';

export const HOURS_PER_DAY = 24;
export const DAYS_PER_WEEK = 7;

/** How busy each hour and each weekday (UTC) is: a moment weighs the product of both. */
const seasonalitySchema = closedObject({
  hours: weightListSchema(HOURS_PER_DAY, 'of the hours from 0 to 23 (UTC)').optional(),
  weekdays: weightListSchema(DAYS_PER_WEEK, 'of the days from Monday to Sunday').optional(),
}).refine(({ hours, weekdays }) => hours !== undefined || weekdays !== undefined, {
  error: 'must have hours, weekdays or both',
});

/** How busy the beginning and the end are; between them it changes evenly. */
const rampSchema = closedObject({ from: weightSchema, to: weightSchema }).refine(
  ({ from, to }) => from + to > 0,
  { error: 'must have a weight above 0' },
);

/** A moment from `start` to before `end`, to the millisecond. */
export const datetimeFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('datetime'),
  start: momentSchema,
  end: momentSchema,
  seasonality: seasonalitySchema.optional(),
  ramp: rampSchema.optional(),
})
  .refine(({ seasonality, ramp }) => seasonality === undefined || ramp === undefined, {
    path: ['ramp'],
    error: 'must not stand beside seasonality',
  })
  .superRefine((field, context) => {
    // One absolute and one relative: only the reference time tells.
    if (isRelative(field.start) !== isRelative(field.end)) return;
    const problem = windowProblem(windowOf(field, 0));
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['end'], message: problem });
  });

export type DatetimeField = z.infer<typeof datetimeFieldSchema>;
export type Seasonality = z.infer<typeof seasonalitySchema>;
export type Ramp = z.infer<typeof rampSchema>;

/** Milliseconds since 1970; the end does not belong to it. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** @param referenceMs what `now` means, in milliseconds since 1970. */
export function windowOf({ start, end }: DatetimeField, referenceMs: number): TimeWindow {
  return { startMs: momentMs(start, referenceMs), endMs: momentMs(end, referenceMs) };
}

/** Years of four digits, from 1 on: what ISO 8601 and Spark both take. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const END_MS = Date.parse('9999-12-31T00:00:00Z');
const LONGEST_YEARS = 100;
const LONGEST_MS = LONGEST_YEARS * 366 * 86_400_000;

/** Why nothing can happen in a window, as a problem of its end; undefined: something can. */
export function windowProblem({ startMs, endMs }: TimeWindow): string | undefined {
  if (endMs <= startMs) return 'must be after start';
  if (startMs < FIRST_MS || endMs > END_MS) return 'must be, like start, in the years 1 to 9999';
  return endMs - startMs > LONGEST_MS ? `must be at most ${LONGEST_YEARS} years after start` : undefined;
}
