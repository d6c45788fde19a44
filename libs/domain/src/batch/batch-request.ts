import { z } from 'zod';
import { ANALYSIS_NAMES } from '../analysis/analysis-catalog';
import { transactionEventSchema } from '../event/transaction-event';
import { FILTER_COLUMNS } from './batch-filter';

/** Filter values follow the event's own rules, so that a value no row can have is refused at once. */
const filterShape = Object.fromEntries(
  FILTER_COLUMNS.map((column) => {
    const field = transactionEventSchema.shape[column.name as keyof typeof transactionEventSchema.shape];
    return [column.name, z.optional(field instanceof z.ZodNullable ? field.unwrap() : field)];
  }),
);

const filtersSchema = z
  .strictObject(filterShape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown filter column; known: ${FILTER_COLUMNS.map((column) => column.name).join(', ')}`
        : undefined,
  })
  .meta({ description: 'Exact values that a row must have, all of them' });

const calendarDate = (what: string) =>
  z.iso
    .date({ error: 'must be a calendar date, YYYY-MM-DD' })
    .meta({ description: what, example: '2025-01-15' });

/** Body of `POST /batch/run` over the stream's Delta table: both dates belong to the range. */
export const deltaBatchRequestSchema = z
  .strictObject({
    startDate: calendarDate('First day of the range (UTC)'),
    endDate: calendarDate('Last day of the range (UTC), included'),
    analysisType: z.enum(ANALYSIS_NAMES, {
      error: `must be one of: ${ANALYSIS_NAMES.join(', ')}`,
    }),
    filters: filtersSchema.optional(),
    source: z.literal('delta').optional(),
  })
  .refine(isForwardRange, { path: ['endDate'], error: 'must not be before startDate' });

/** Also asked when a date is wrong, which is its own problem and not the range's. */
function isForwardRange({ startDate, endDate }: { startDate: unknown; endDate: unknown }): boolean {
  const dates = z.tuple([z.iso.date(), z.iso.date()]).safeParse([startDate, endDate]);
  return !dates.success || dates.data[0] <= dates.data[1];
}

export type DeltaBatchRequest = z.infer<typeof deltaBatchRequestSchema>;
