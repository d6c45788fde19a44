import { z } from 'zod';

/** Safe as a column in any engine: no quoting, no SQL, no path. ASCII only, so that lower case is the same everywhere. */
const COLUMN_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** As pipelines call the column of a field: headers come with stray blanks and capitals. */
export function columnNameOf(fieldName: string): string {
  return fieldName.replace(/^ +| +$/g, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The name of a field, which is written as it is declared. */
export const fieldNameSchema = z.string().refine((name) => COLUMN_NAME.test(columnNameOf(name)), {
  error: 'must be a letter, then at most 62 letters, digits and _',
});

/** The name of another field, however it is spelled there; it is read as the name of its column. */
export const fieldReferenceSchema = fieldNameSchema.transform(columnNameOf);

/** A name of a data set, which becomes part of the names of files and tables. */
export const datasetNameSchema = z.string().regex(COLUMN_NAME, {
  error: 'must be a lower-case letter, then at most 62 lower-case letters, digits and _',
});

/** A share of all records, 0 to 1. */
export const probabilitySchema = z.number().min(0).max(1);

/** What every field has beside its type. */
export const commonFieldShape = {
  name: fieldNameSchema,
  /** Share of records without a value, 0 to 1. */
  nullProbability: probabilitySchema.default(0),
};
