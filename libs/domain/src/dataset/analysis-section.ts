import { z } from 'zod';
import { closedObject, textSchema } from './closed-object';
import { isCurrency } from './currency';
import { datasetAnalyses } from './dataset-analyses';
import { valueKindOf } from './dataset-field';
import type { DatasetField, DatasetFieldType } from './dataset-field';
import { jsonPath } from './dataset-problem';
import type { DatasetProblem } from './dataset-problem';
import { columnNameOf, fieldReferenceSchema } from './field-name';

const MOST_COLUMNS = 50;
const columns = z.array(fieldReferenceSchema).max(MOST_COLUMNS).default([]);

/** What is counted and added up by day: names of fields, read as the names of their columns. */
export const analysisSectionSchema = closedObject({
  /** The time of a record. */
  timestamp: fieldReferenceSchema,
  /** What records are grouped by, beside the day. */
  dimensions: columns,
  /** What is added up. */
  numerics: columns,
  /** What is counted where it is true. */
  booleans: columns,
  /** What people call the data; the title of the data set unless given. */
  title: textSchema.optional(),
  /** ISO 4217 code of the numerics that are money. */
  currency: z
    .string()
    .refine(isCurrency, { error: 'must be the ISO 4217 code of a currency, like INR' })
    .optional(),
});

export type AnalysisSection = z.infer<typeof analysisSectionSchema>;
export type AnalysisColumns = Pick<AnalysisSection, 'timestamp' | 'dimensions' | 'numerics' | 'booleans'>;

/** Records share their values, so there is something to group by. */
const GROUPED: ReadonlySet<DatasetFieldType> = new Set<DatasetFieldType>([
  'category',
  'boolean',
  'int',
  'constant',
  'pattern',
  'derived',
]);

/** What a field of each part must be. */
const FITTING: Readonly<Record<keyof AnalysisColumns, [string, (field: DatasetField) => boolean]>> = {
  timestamp: ['of type datetime', (field) => field.type === 'datetime'],
  dimensions: [`of one of the types ${[...GROUPED].join(', ')}`, (field) => GROUPED.has(field.type)],
  numerics: ['of numbers', (field) => valueKindOf(field) === 'number'],
  booleans: ['of true and false', (field) => valueKindOf(field) === 'boolean'],
};

/** Names that are no field, or one that does not fit, and columns that would be there twice. */
export function analysisProblems(
  analysis: AnalysisSection,
  fields: readonly DatasetField[],
): readonly DatasetProblem[] {
  const byColumn = new Map(fields.map((field) => [columnNameOf(field.name), field]));
  const mentions = [
    { part: 'timestamp' as const, column: analysis.timestamp, steps: ['timestamp'] },
    ...(['dimensions', 'numerics', 'booleans'] as const).flatMap((part) =>
      analysis[part].map((column, index) => ({ part, column, steps: [part, index] })),
    ),
  ];
  const unfit = mentions.flatMap(({ part, column, steps }) => {
    const [wanted, fits] = FITTING[part];
    const field = byColumn.get(column);
    if (field !== undefined && fits(field)) return [];
    const found = field === undefined ? 'there is none' : `${column} is of type ${field.type}`;
    return [
      { path: jsonPath(['analysis', ...steps]), message: `must be the name of a field ${wanted}; ${found}` },
    ];
  });
  return unfit.length > 0 ? unfit : repeatedColumns(analysis);
}

function repeatedColumns(analysis: AnalysisSection): readonly DatasetProblem[] {
  const { timestamp, dimensions, numerics, booleans } = analysis;
  const shown = datasetAnalyses(analysis).daily_metrics.columns.map(({ name }) => name);
  // A record has one column for each field, which is read as one kind of value, and one for the day.
  const read = [timestamp, `${timestamp}_date`, ...dimensions, ...numerics, ...booleans];
  const repeated = new Set([shown, read].flatMap((names) => names.filter(isSecond)));
  return [...repeated].map((name) => ({
    path: 'analysis',
    message: `must have each column once; ${name} would be there twice`,
  }));
}

const isSecond = (name: string, index: number, names: readonly string[]): boolean =>
  names.indexOf(name) !== index;
