import { readOwnRejectsConfig } from './config';
import { runRejectsCommand } from './run-rejects-command';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The request that is under way is finished, so that what was sent is noted.
  process.once(signal, () => {
    stopping.abort();
  });
}

runRejectsCommand(
  process.argv.slice(2),
  readOwnRejectsConfig,
  { out: (text) => process.stdout.write(text), note: (text) => process.stderr.write(text) },
  stopping.signal,
).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`rejects: ${what}\n`);
    process.exitCode = 2;
  },
);
