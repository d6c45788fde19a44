import { parseDatasetDefinition } from './dataset-definition';
import type { DatasetDefinition } from './dataset-definition';
import { InvalidDatasetDefinition } from './dataset-problem';

/** A definition as it is written: these fields and nothing that is not needed. */
export const written = (fields: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ name: 'test', fields, ...more });

export const defined = (
  fields: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): DatasetDefinition => parseDatasetDefinition(written(fields, more));

/** What is wrong with a definition, a line each; none: nothing. */
export function problemsIn(json: string): readonly string[] {
  try {
    parseDatasetDefinition(json);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidDatasetDefinition)) throw error;
    return error.message.split('\n');
  }
}
