import { z } from 'zod';
import { closedObject } from './closed-object';
import { commonFieldShape, probabilitySchema } from './field-name';
import { choicesSchema, conditionalSchema } from './weights';

/** One of some texts. */
export const categoryFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('category'),
  /** Each value with its weight. */
  choices: choicesSchema,
  /** Other choices by the value of an earlier field. */
  conditional: conditionalSchema(choicesSchema).optional(),
});

/** True or false. */
export const booleanFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('boolean'),
  /** Share of true. */
  probability: probabilitySchema,
  /** Other shares by the value of an earlier field. */
  conditional: conditionalSchema(probabilitySchema).optional(),
});

export type CategoryField = z.infer<typeof categoryFieldSchema>;
export type BooleanField = z.infer<typeof booleanFieldSchema>;
