import { z } from 'zod';

/** An object that has these keys and no other. */
export function closedObject<S extends z.core.$ZodShape>(shape: S) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `is no key that is known here; the keys are: ${keys}` : undefined,
  });
}

/** Half of a surrogate pair has no bytes in UTF-8: it would be written as another character. */
const HALF_PAIR = /\p{Cs}/u;

const LONGEST_TEXT = 1_000;

/** Text that can be written to a file. */
export const textSchema = z
  .string()
  .max(LONGEST_TEXT)
  .refine((text) => !HALF_PAIR.test(text), { error: 'must be text without half surrogate pairs' });

const MOST_ENTRIES = 10_000;

/** An object whose keys are texts of the user's: 1 to 10,000 of them. */
export function textMap<V extends z.ZodType>(value: V) {
  return z
    .unknown()
    .superRefine(refuseProto)
    .pipe(
      z
        .record(textSchema, value)
        .refine(hasEntries, { error: `must have 1 to ${MOST_ENTRIES.toLocaleString('en-US')} entries` }),
    );
}

/** Zod passes over this key without a word. */
function refuseProto(value: unknown, context: z.RefinementCtx): void {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')) return;
  context.addIssue({ code: 'custom', path: ['__proto__'], message: 'must be another text', continue: false });
}

function hasEntries(map: Readonly<Record<string, unknown>>): boolean {
  const { length } = Object.keys(map);
  return length >= 1 && length <= MOST_ENTRIES;
}
