import { z } from 'zod';
import { closedObject, textMap } from './closed-object';
import { fieldReferenceSchema } from './field-name';

const LARGEST_WEIGHT = 1e9;
const NOTHING_LEFT = 'must have a weight above 0';

/** How often something is, compared with what stands beside it; the weights need not add up to anything. */
export const weightSchema = z.number().min(0).max(LARGEST_WEIGHT);

/** A weight for each of so many places, one of them above 0. */
export const weightListSchema = (places: number, what: string) =>
  z
    .array(weightSchema)
    .length(places, { error: `must be ${places} weights, ${what}` })
    .refine((weights) => weights.some((weight) => weight > 0), { error: NOTHING_LEFT });

/** Values with their weights, one of them above 0. */
export const choicesSchema = textMap(weightSchema).refine(
  (choices) => Object.values(choices).some((weight) => weight > 0),
  { error: NOTHING_LEFT },
);

/** What goes before the general rule where an earlier field has one of these values, written as in CSV. */
export const conditionalSchema = <T extends z.ZodType>(rule: T) =>
  closedObject({ field: fieldReferenceSchema, cases: textMap(rule) });

/** By the column name of an earlier field: its values, and what holds for each. */
export interface Conditional<T> {
  readonly field: string;
  readonly cases: Readonly<Record<string, T>>;
}
