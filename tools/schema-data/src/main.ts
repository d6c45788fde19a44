import { runSchemaCommand, schemaProgress } from './schema-command';
import { SCHEMA_FOLDER } from './schema-files';

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    // A second signal means it: the default handler of the process ends it.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stop.signal;
}

void runSchemaCommand(process.argv.slice(2), {
  environment: process.env,
  schemaFolder: SCHEMA_FOLDER,
  out: (line) => {
    console.log(line);
  },
  progress: schemaProgress(process.stderr),
  now: new Date(),
  signal: stopSignal(),
}).then((code) => {
  process.exitCode = code;
});
