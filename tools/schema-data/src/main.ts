import { listenToSignals } from '@millrace/generator';
import { runSchemaCommand, schemaProgress } from './schema-command';
import { SCHEMA_FOLDER } from './schema-files';

void runSchemaCommand(process.argv.slice(2), {
  environment: process.env,
  schemaFolder: SCHEMA_FOLDER,
  out: (line) => {
    console.log(line);
  },
  progress: schemaProgress(process.stderr),
  now: new Date(),
  signal: listenToSignals().stop,
}).then((code) => {
  process.exitCode = code;
});
