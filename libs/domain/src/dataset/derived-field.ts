import { z } from 'zod';
import { closedObject, textMap, textSchema } from './closed-object';
import { commonFieldShape, fieldReferenceSchema } from './field-name';

const mappedValueSchema = z.union([textSchema, z.number(), z.boolean()], {
  error: 'must be text, a number, true or false',
});

const derivedShape = { ...commonFieldShape, type: z.literal('derived') };

/** The values of earlier fields one behind the other, written as in CSV; null is empty. */
export const concatFieldSchema = closedObject({
  ...derivedShape,
  operation: z.literal('concat'),
  fields: z.array(fieldReferenceSchema).min(1).max(100),
  separator: textSchema.default(''),
});

/** What a map has for the value of an earlier field. */
export const lookupFieldSchema = closedObject({
  ...derivedShape,
  operation: z.literal('lookup'),
  field: fieldReferenceSchema,
  /** By the value, written as in CSV. */
  map: textMap(mappedValueSchema),
  /** Where the map has nothing for the value, and where that is null. */
  default: mappedValueSchema.nullable(),
}).superRefine((field, context) => {
  const kinds = new Set(Object.values(field.map).map((value) => typeof value));
  if (kinds.size > 1) {
    const message = 'must have values of one kind: text, numbers, or true and false';
    context.addIssue({ code: 'custom', path: ['map'], message });
  } else if (field.default !== null && !kinds.has(typeof field.default)) {
    const message = 'must be null or of the kind of the values of the map';
    context.addIssue({ code: 'custom', path: ['default'], message });
  }
});

/** A value that follows from those of earlier fields. */
export const derivedFieldSchema = z.discriminatedUnion('operation', [concatFieldSchema, lookupFieldSchema]);

export type ConcatField = z.infer<typeof concatFieldSchema>;
export type LookupField = z.infer<typeof lookupFieldSchema>;
