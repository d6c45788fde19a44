import type { DatasetBody, DatasetDefinition } from '@millrace/domain';

/** @param name of the file: what batches call the data set. */
export function datasetBody(name: string, { title, fields, analysis }: DatasetDefinition): DatasetBody {
  return {
    name,
    title: analysis?.title ?? title ?? name,
    fields: fields.map((field) => ({ name: field.name, type: field.type })),
    analysis: analysis ?? null,
  };
}
