import type { Progress } from '@millrace/generator';

/** As the services have them. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines on stderr from some level on. Why a command failed is no such line: it is told at every level. */
export class Log {
  constructor(
    private readonly progress: Progress,
    private readonly level: LogLevel,
  ) {}

  /** What may make the result another than was expected. */
  warn(line: string): void {
    if (this.shows('warn')) this.progress.say(line);
  }

  info(line: string): void {
    if (this.shows('info')) this.progress.say(line);
  }

  debug(line: string): void {
    if (this.shows('debug')) this.progress.say(line);
  }

  /** How far work is, at level `info`. @param total undefined: it has no end. */
  report(what: string, done: number, total: number | undefined): void {
    if (this.shows('info')) this.progress.report(what, done, total);
  }

  private shows(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(this.level);
  }
}
