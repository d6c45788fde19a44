import { join } from 'node:path';
import type { ParsedFlags } from '../bin/flags.mjs' with { 'resolution-mode': 'import' };
import { WrongSettings, readConfig } from './config';
import { Interrupted } from './ending';
import { reportFailure } from './report-failure';
import type { Reporter } from './reporter';
import { start } from './start';

const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

/** The checkout, seen from `tools/stack/dist`. */
const ROOT = join(__dirname, '..', '..', '..');

/**
 * `millrace start`, once everything it needs is installed and built.
 * @returns the exit code
 */
export async function main(args: readonly string[], shown?: Reporter): Promise<number> {
  // A terminal that was closed must not keep the stack from being stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { parseStartFlags, START_HELP } = await import('../bin/flags.mjs');
  const parsed: ParsedFlags = parseStartFlags(args);
  if (parsed.kind === 'help') {
    process.stdout.write(START_HELP);
    return 0;
  }
  if (parsed.kind === 'usage') {
    process.stderr.write(`${parsed.message}\n\n${START_HELP}`);
    return EXIT_USAGE;
  }
  const reporter = shown ?? (await import('../bin/progress.mjs')).createReporter();
  try {
    return await start(parsed.options, readConfig(process.env, ROOT), reporter);
  } catch (error) {
    if (error instanceof Interrupted) return EXIT_INTERRUPTED;
    reportFailure(error, reporter);
    return error instanceof WrongSettings ? EXIT_USAGE : 1;
  } finally {
    reporter.close();
  }
}

if (require.main === module) {
  const [command, ...flags] = process.argv.slice(2);
  void main(command === 'start' ? flags : process.argv.slice(2)).then((code) => process.exit(code));
}
