import { z } from 'zod';
import { closedObject, textSchema } from './closed-object';
import { commonFieldShape } from './field-name';

/** A random UUID of version 4. */
export const uuidFieldSchema = closedObject({ ...commonFieldShape, type: z.literal('uuid') });

const MOST_DIGITS = 20;

/** Whole numbers one after the other; with a prefix or padding they are text. */
export const sequenceFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('sequence'),
  start: z.int().default(1),
  step: z
    .int()
    .refine((step) => step !== 0, { error: 'must not be 0' })
    .default(1),
  prefix: textSchema.optional(),
  /** Digits, filled up with zeros in front. */
  pad: z.int().min(1).max(MOST_DIGITS).optional(),
});

/** The letters of a pattern and the characters that each stands for. Everything else stands for itself, these behind a `\`. */
export const PATTERN_LETTERS = {
  '#': '0123456789',
  '%': '123456789',
  '?': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '*': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
} as const;

const PATTERN_LETTER = /[#%?*]/;
const WELL_ESCAPED = /^(?:[^\\]|\\[#%?*\\])*$/u;
const ESCAPED = /\\./gu;

/** Text with random characters in it, like `CARD-####-????`. */
export const patternFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('pattern'),
  pattern: textSchema
    .refine((pattern) => WELL_ESCAPED.test(pattern), {
      error: 'must have a \\ only before one of # % ? * \\',
    })
    .refine((pattern) => PATTERN_LETTER.test(pattern.replace(ESCAPED, '')), {
      error: 'must have one of the letters # % ? *; a text that never changes is a constant',
    }),
});

/** The same value in each record. */
export const constantFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('constant'),
  value: z.union([textSchema, z.number(), z.boolean()], { error: 'must be text, a number, true or false' }),
});

export type UuidField = z.infer<typeof uuidFieldSchema>;
export type SequenceField = z.infer<typeof sequenceFieldSchema>;
export type PatternField = z.infer<typeof patternFieldSchema>;
export type ConstantField = z.infer<typeof constantFieldSchema>;
