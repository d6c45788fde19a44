import { readOwnCommandConfig } from './config';
import { runRegistryCommand } from './run-registry-command';

runRegistryCommand(process.argv.slice(2), readOwnCommandConfig, {
  out: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`registry: ${what}\n`);
    // Not 1, which says that there are findings.
    process.exitCode = 2;
  },
);
