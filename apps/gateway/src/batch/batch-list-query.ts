import { BATCH_STATUSES, LABEL_NAME, REQUESTABLE_ANALYSES } from '@millrace/domain';
import type { BatchListQuery } from '@millrace/domain';
import { z } from 'zod';
import { readCursor } from './list-cursor';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;
const MOST_LABELS = 16;

/** A parameter that is given with no value counts as not given (`?status=&limit=20` is in the contract). */
function parameter<Out>(schema: z.ZodType<Out, string>) {
  return z
    .preprocess((value: unknown) => (value === '' ? undefined : value), z.string().pipe(schema).optional())
    .optional();
}

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of: ${values.join(', ')}` });

/** A day is its first moment, UTC. */
const time = z
  .union([z.iso.datetime({ offset: true }).max(40), z.iso.date()], {
    error: 'must be a time like 2025-01-15T14:30:00Z, or a day',
  })
  .transform((text) => new Date(text));

const labels = z
  .preprocess(
    (value) => [value ?? []].flat().filter((it) => it !== ''),
    z
      .array(z.string().refine(isLabel, { error: 'must be name:value' }))
      .max(MOST_LABELS, { error: `at most ${String(MOST_LABELS)}` }),
  )
  .transform((texts, context) => {
    const found = new Map<string, string>();
    for (const text of texts) {
      const [name, value] = labelOf(text);
      if ((found.get(name) ?? value) !== value) {
        context.addIssue({ code: 'custom', message: `no batch has two values of ${name}` });
      }
      found.set(name, value);
    }
    return Object.fromEntries(found);
  });

/** The value may have colons too. */
function labelOf(text: string): readonly [name: string, value: string] {
  const [name = ''] = text.split(':', 1);
  return [name, text.slice(name.length + 1)];
}

function isLabel(text: string): boolean {
  const [name, value] = labelOf(text);
  return LABEL_NAME.test(name) && /^[^\p{Cc}\p{Cs}]{1,128}$/u.test(value);
}

export const batchListQuerySchema = z
  .strictObject({
    status: parameter(oneOf(BATCH_STATUSES)),
    analysisType: parameter(oneOf(REQUESTABLE_ANALYSES)),
    from: parameter(time),
    to: parameter(time),
    label: labels.optional(),
    client: parameter(z.string().regex(/^[A-Za-z0-9_.:%-]{1,64}$/, { error: 'must be the id of a client' })),
    limit: parameter(z.string().regex(/^[1-9]\d*$/, { error: 'must be a whole number from 1' })).transform(
      (limit) => Math.min(Number(limit ?? DEFAULT_LIMIT), MAX_LIMIT),
    ),
    cursor: parameter(
      z.string().transform((text, context) => {
        const position = readCursor(text);
        if (position !== undefined) return position;
        context.addIssue({ code: 'custom', message: 'must be the nextCursor of an earlier page' });
        return z.NEVER;
      }),
    ),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'must not be before from',
  })
  .transform(({ label, cursor, ...query }): BatchListQuery => {
    const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
    return {
      ...given,
      limit: query.limit,
      ...(label !== undefined && Object.keys(label).length > 0 && { labels: label }),
      ...(cursor !== undefined && { after: cursor }),
    };
  });
