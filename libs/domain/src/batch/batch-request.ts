import { z } from 'zod';
import { REQUESTABLE_ANALYSES } from '../analysis/analysis-catalog';
import { transactionEventSchema } from '../event/transaction-event';
import { FILTER_COLUMNS } from './batch-filter';
import { EXTRA_SINKS } from './batch-record';
import { offsetSpecSchema } from './offset-spec';

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
  .superRefine(refuseImpossibleText)
  .meta({ description: 'Exact values that a row must have, all of them' });

const LONGEST_FILTER_TEXT = 1_000;

/** Half a surrogate pair is no text, and Postgres stores no NUL; no row has either. */
function refuseImpossibleText(filters: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const [name, value] of Object.entries(filters)) {
    if (typeof value !== 'string') continue;
    if (value.length > LONGEST_FILTER_TEXT) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `at most ${LONGEST_FILTER_TEXT} characters`,
      });
    } else if (/[\p{Cc}\p{Cs}]/u.test(value)) {
      context.addIssue({ code: 'custom', path: [name], message: 'must be text without control characters' });
    }
  }
}

/** No control characters, no half surrogate pairs, nothing that turns the direction of the text after it. */
function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text);
}

const MOST_LABELS = 16;
export const LABEL_NAME = /^[a-z][a-z0-9_.-]{0,62}$/;

const labelsSchema = z
  .record(
    z.string().regex(LABEL_NAME, {
      error:
        'the name of a label is a lower-case letter, then at most 62 lower-case letters, digits, _ . and -',
    }),
    z.string().min(1).max(128).refine(isPrintable, { error: 'must be printable text' }),
  )
  .refine((labels) => Object.keys(labels).length <= MOST_LABELS, { error: `at most ${MOST_LABELS} labels` })
  .meta({ description: 'Names and values to find the batch by', example: { team: 'pricing' } });

const CALENDAR_DATE = 'must be a calendar date, YYYY-MM-DD';
const calendarDate = (what: string) =>
  z.iso
    .date({ error: CALENDAR_DATE, abort: true })
    // Spark's first day; ISO 8601 has a year before it.
    .refine((date) => date >= '0001-01-01', { error: CALENDAR_DATE })
    .meta({ description: what, example: '2025-01-15' });

const analysisType = z
  .enum(REQUESTABLE_ANALYSES, { error: `must be one of: ${REQUESTABLE_ANALYSES.join(', ')}` })
  .meta({ description: 'An analysis, or full_report for all of them' });

/** What every batch may say, whatever it reads. */
const commonShape = {
  analysisType,
  filters: filtersSchema.optional(),
  labels: labelsSchema.optional(),
  sinks: z
    .array(z.enum(EXTRA_SINKS, { error: `must be one of: ${EXTRA_SINKS.join(', ')}` }), {
      error: `must be a list of: ${EXTRA_SINKS.join(', ')}`,
    })
    .max(EXTRA_SINKS.length, { error: 'must name each sink once' })
    .optional()
    .meta({ description: 'Where the analysis goes besides Delta' }),
  timeoutSeconds: z.int().min(1).max(86_400).optional().meta({ description: 'Longest time of one attempt' }),
  webhookUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2_000)
    .optional()
    .meta({ description: 'Is told when the batch has ended; its origin must be on the allow-list' }),
  next: z
    .literal('auto')
    .optional()
    .meta({ description: 'Begin where the last completed batch of this analysis ended' }),
};

/** So that what is missing is told together with what is wrong. */
const ANY_OBJECT = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
};
const NOT_BEFORE_START = { path: ['endDate'], error: 'must not be before startDate' };
const ONE_POINT_IN_TIME = {
  path: ['sourceTimestamp'],
  error: 'give either sourceVersion or sourceTimestamp, not both',
};

/** Body of `POST /batch/run` over a Delta table: both dates belong to the range. */
export const deltaBatchRequestSchema = z
  .strictObject({
    startDate: calendarDate('First day of the range (UTC)').optional(),
    endDate: calendarDate('Last day of the range (UTC), included').optional(),
    ...commonShape,
    source: z.enum(['delta', 'seed']).optional().meta({ description: "The stream's table, or the seeder's" }),
    sourceVersion: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Delta version to read instead of the latest' }),
    sourceTimestamp: z.iso
      .datetime({ offset: true, error: 'must be a time with its zone, like 2025-01-15T14:30:00Z' })
      .max(40)
      .optional()
      .meta({ description: 'Read the table as it was then' }),
  })
  .superRefine(requireRange, ANY_OBJECT)
  .refine(isForwardRange, NOT_BEFORE_START)
  .refine(
    (body) => body.sourceVersion === undefined || body.sourceTimestamp === undefined,
    ONE_POINT_IN_TIME,
  );

/** Both dates are required; with `next` the start is only for the first batch, and the end is today unless given. */
function requireRange(
  body: { startDate?: unknown; endDate?: unknown; next?: unknown },
  context: z.RefinementCtx,
) {
  if (body.next !== undefined) return;
  for (const name of ['startDate', 'endDate'] as const) {
    if (body[name] !== undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: CALENDAR_DATE });
  }
}

/** Also asked when a date is wrong, which is its own problem and not the range's. */
function isForwardRange({ startDate, endDate }: { startDate?: unknown; endDate?: unknown }): boolean {
  const dates = z.tuple([z.iso.date(), z.iso.date()]).safeParse([startDate, endDate]);
  return !dates.success || dates.data[0] <= dates.data[1];
}

/** Body of `POST /batch/run` over a range of a Kafka topic. */
export const kafkaBatchRequestSchema = z
  .strictObject({
    topic: z.string().min(1).max(249).meta({ example: 'transactions-batch' }),
    startOffset: offsetSpecSchema('earliest').optional(),
    endOffset: offsetSpecSchema('latest').optional(),
    ...commonShape,
    source: z.literal('kafka').optional(),
  })
  .superRefine(requireOffsets, ANY_OBJECT);

/** Both are required; with `next` the start is only for the first batch. */
function requireOffsets(
  body: { startOffset?: unknown; endOffset?: unknown; next?: unknown },
  context: z.RefinementCtx,
) {
  if (body.next !== undefined) return;
  for (const [name, word] of [
    ['startOffset', 'earliest'],
    ['endOffset', 'latest'],
  ] as const) {
    if (body[name] !== undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: `must be "${word}" or a map of offsets` });
  }
}

export type DeltaBatchRequest = z.infer<typeof deltaBatchRequestSchema>;
export type KafkaBatchRequest = z.infer<typeof kafkaBatchRequestSchema>;
export type BatchRequest = DeltaBatchRequest | KafkaBatchRequest;
