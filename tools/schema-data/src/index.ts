export { generateDataset } from './generate-dataset';
export type { DatasetRun, WrittenDataset } from './generate-dataset';
export { Records } from './records';
export type { RecordSettings } from './records';
export { runSchemaCommand, schemaProgress } from './schema-command';
export type { CommandContext } from './schema-command';
export { SCHEMA_FOLDER, readSchema, schemaNames, schemaPath } from './schema-files';
export type { Target } from './target';
