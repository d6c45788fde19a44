import { z } from 'zod';
import { repeatedKeySteps } from '../json/repeated-key';
import { analysisProblems, analysisSectionSchema } from './analysis-section';
import { closedObject, textSchema } from './closed-object';
import { datasetFieldSchema } from './dataset-field';
import { InvalidDatasetDefinition, explainIssue, jsonPath, problemsOf } from './dataset-problem';
import type { DatasetProblem } from './dataset-problem';
import { datasetNameSchema } from './field-name';
import { referenceProblems } from './field-references';

export const DATASET_FORMATS = ['csv', 'jsonl'] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

export const MOST_RECORDS = 1_000_000_000;
const MOST_FIELDS = 500;

/** A data set and how its records are made up. References between fields are checked by `parseDatasetDefinition`. */
export const datasetDefinitionSchema = closedObject({
  name: datasetNameSchema,
  title: textSchema.optional(),
  records: z.int().min(1).max(MOST_RECORDS).default(100_000),
  /** The same one makes the same records. A number counts as its digits. */
  seed: z
    .union([textSchema, z.int()], { error: 'must be text or a whole number' })
    .transform(String)
    .default('42'),
  output: closedObject({
    format: z.enum(DATASET_FORMATS).default('csv'),
    gzip: z.boolean().default(false),
  }).prefault({}),
  fields: z.array(datasetFieldSchema).min(1).max(MOST_FIELDS),
  analysis: analysisSectionSchema.optional(),
});

export type DatasetDefinition = z.infer<typeof datasetDefinitionSchema>;

/**
 * The definition that a JSON document is.
 * @throws InvalidDatasetDefinition with every problem and its place.
 */
export function parseDatasetDefinition(json: string): DatasetDefinition {
  const parsed = datasetDefinitionSchema.safeParse(valueOf(json), { error: explainIssue });
  if (!parsed.success) throw new InvalidDatasetDefinition(problemsOf(parsed.error));
  const { fields, analysis } = parsed.data;
  const problems: DatasetProblem[] = [...referenceProblems(fields)];
  if (analysis !== undefined) problems.push(...analysisProblems(analysis, fields));
  if (problems.length > 0) throw new InvalidDatasetDefinition(problems);
  return parsed.data;
}

function valueOf(json: string): unknown {
  // Editors of Windows begin files with this mark.
  const text = json.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidDatasetDefinition([{ path: '', message: `must be JSON (${reason})` }], { cause });
  }
  const repeated = repeatedKeySteps(text);
  if (repeated === undefined) return value;
  throw new InvalidDatasetDefinition([{ path: jsonPath(repeated), message: 'must be there only once' }]);
}
