import { PartFailure } from './part-failure';
import { lastLines } from './process/explain-log';
import { AlreadyRunning } from './home/supervisor-lock';
import type { Reporter } from './reporter';

const SHOWN_LOG_LINES = 20;

/** Says what went wrong: the end of the log, the cause in one sentence, the fix, the log file. */
export function reportFailure(error: unknown, reporter: Reporter): void {
  const { colours } = reporter;
  if (error instanceof PartFailure) {
    const tail = error.logFile === undefined ? [] : lastLines(error.logFile, SHOWN_LOG_LINES);
    for (const line of tail) reporter.say(colours.dim(`   | ${line}`));
  }
  reporter.say(colours.red(` failed: ${error instanceof Error ? error.message : String(error)}`));
  const fix = fixOf(error);
  if (fix !== undefined) reporter.say(` to fix it: ${fix}`);
  if (error instanceof PartFailure && error.logFile !== undefined) reporter.say(` log: ${error.logFile}`);
}

function fixOf(error: unknown): string | undefined {
  if (error instanceof PartFailure) return error.fix;
  if (error instanceof AlreadyRunning) return `end it first (Ctrl-C there, or kill ${String(error.pid)})`;
  return undefined;
}
