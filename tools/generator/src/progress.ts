/** Where progress is shown: stderr, or anything like it. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly out: ProgressOutput;
  /** Before each line. */
  readonly name: string;
  readonly now?: () => number;
  /** Redraw one line instead of writing new ones. Default: `out` is a terminal. */
  readonly inPlace?: boolean;
}

/** Work that is done in less is not worth a word. */
const QUIET_MS = 2000;
const REDRAW_MS = 200;
const LINE_MS = 2000;
/** Of work without an end, whose lines add up. */
const ENDLESS_LINE_MS = 10_000;
const BAR_WIDTH = 24;

/** What is being done, since when, and what was seen of it last. */
interface Work {
  readonly what: string;
  readonly startMs: number;
  shownMs: number;
  shownDone: number;
}

/**
 * Shows how far work is that takes more than two seconds: on a terminal as a bar that is redrawn, in a log as a line now and
 * then.
 */
export class Progress {
  private work: Work | undefined;
  private isBarShown = false;
  private readonly now: () => number;
  private readonly inPlace: boolean;

  constructor(private readonly options: ProgressOptions) {
    this.now = options.now ?? Date.now;
    this.inPlace = options.inPlace ?? options.out.isTTY === true;
  }

  /** A line that stays. */
  say(line: string): void {
    this.erase();
    this.options.out.write(`${this.options.name}: ${line}\n`);
  }

  /**
   * Tells how much of the work is done; another `what` is other work.
   * @param total undefined: it has no end.
   */
  report(what: string, done: number, total: number | undefined): void {
    const nowMs = this.now();
    if (this.work?.what !== what) {
      this.work = { what, startMs: nowMs, shownMs: nowMs, shownDone: done };
    }
    const { work } = this;
    const isLast = done === total && work.shownMs > work.startMs;
    if (!isLast && !this.isTime(work, nowMs, total)) return;
    const line = total === undefined ? endlessLine(work, done, nowMs) : barLine(work, done, total, nowMs);
    work.shownMs = nowMs;
    work.shownDone = done;
    if (this.inPlace && !isLast) this.draw(line);
    else this.say(line);
  }

  /** Takes the bar away. What was said stays. */
  end(): void {
    this.erase();
    this.work = undefined;
  }

  private isTime({ startMs, shownMs }: Work, nowMs: number, total: number | undefined): boolean {
    if (nowMs - startMs < QUIET_MS) return false;
    const everyMs = this.inPlace ? REDRAW_MS : total === undefined ? ENDLESS_LINE_MS : LINE_MS;
    return nowMs - shownMs >= everyMs;
  }

  private draw(line: string): void {
    const { out, name } = this.options;
    const width = (out.columns ?? 100) - 1;
    out.write(`\r\u001b[K${`${name}: ${line}`.slice(0, width)}`);
    this.isBarShown = true;
  }

  private erase(): void {
    if (this.isBarShown) this.options.out.write('\r\u001b[K');
    this.isBarShown = false;
  }
}

/** `12,345`, whatever the language of the machine. */
export const formatCount = (count: number): string => Math.round(count).toLocaleString('en-US');

function perSecond(count: number, ms: number): string {
  const rate = ms > 0 ? (count * 1000) / ms : 0;
  return `${rate < 100 ? rate.toFixed(1) : formatCount(rate)}/s`;
}

function endlessLine({ what, startMs, shownMs, shownDone }: Work, done: number, nowMs: number): string {
  const recent = perSecond(done - shownDone, nowMs - shownMs);
  return `${what}: ${formatCount(done)}, ${recent} (${perSecond(done, nowMs - startMs)} since the start)`;
}

function barLine({ what, startMs }: Work, done: number, total: number, nowMs: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
  const elapsedMs = nowMs - startMs;
  const left = done > 0 && done < total ? `, ${timeLeft((elapsedMs * (total - done)) / done)} left` : '';
  const amount = `${formatCount(done)} of ${formatCount(total)}`;
  return `${what} ${bar} ${Math.floor(share * 100)} %  ${amount}, ${perSecond(done, elapsedMs)}${left}`;
}

function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
