import { drainAfterFailure } from './process-drains';
import { within } from './within';

/** Nobody knows what still works after such a failure: enough for what is quick, and not the whole wait for batches. */
const CRASH_DRAIN_LIMIT_MS = 20_000;

export interface CrashOptions {
  /** `process.exit` unless a spec wants to live on. */
  readonly exit?: (exitCode: number) => void;
  /** Standard error unless told otherwise: the logger may be what broke. */
  readonly write?: (line: string) => void;
  readonly drainLimitMs?: number;
}

/**
 * A failure that nobody catches is one line, a drain with a limit, and exit code 1. Further ones are only lines.
 * @returns how to stop listening
 */
export function endOnCrash(options: CrashOptions = {}): () => void {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  let isEnding = false;
  const crash = async (kind: string, error: unknown): Promise<void> => {
    write(crashLine(kind, error));
    if (isEnding) return;
    isEnding = true;
    await within(options.drainLimitMs ?? CRASH_DRAIN_LIMIT_MS, drainAfterFailure(kind)).catch(
      () => undefined,
    );
    (options.exit ?? process.exit)(1);
  };
  const onException = (error: unknown): void => void crash('uncaughtException', error);
  const onRejection = (error: unknown): void => void crash('unhandledRejection', error);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

/** The stack has lines of its own; as JSON it is one, like those of the log. */
function crashLine(kind: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, msg: kind, stack })}\n`;
}
