import { readRunRecords } from './process/run-records';
import { signalGroup } from './process/process-group';
import type { Home } from './home/home';
import type { PartFailure } from './part-failure';
import type { PartEvents } from './process/part';
import type { Reporter } from './reporter';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Interrupted before it was up, as shells count Ctrl-C. */
const EXIT_INTERRUPTED = 130;

const REPEAT_MS = 1_000;
const PARENT_POLL_MS = 500;

/** The end was asked for while the stack was still coming up. */
export class Interrupted extends Error {}

/** Knows why and when the stack has to end. */
export class Ending {
  /** Settles when somebody asks for the end; rejects when a part was given up. */
  readonly requested: Promise<void>;
  private resolveRequested: () => void = () => undefined;
  private rejectRequested: (error: PartFailure) => void = () => undefined;
  private isUp = false;
  private hasBegun = false;
  private wasInterrupted = false;
  private askedAt = 0;
  private parentWatch: NodeJS.Timeout | undefined;
  private readonly abort = new AbortController();
  private readonly onSignal: (signal: NodeJS.Signals) => void;

  constructor(
    private readonly reporter: Reporter,
    private readonly home: Home,
    private readonly options: { readonly untilStdinCloses: boolean; readonly endsWithParent: boolean },
  ) {
    this.requested = new Promise((resolve, reject) => {
      this.resolveRequested = resolve;
      this.rejectRequested = reject;
    });
    // Whoever waits sees the rejection; until then it is nobody's unhandled error.
    this.requested.catch(() => undefined);
    this.onSignal = (signal) => {
      this.ask(signal);
    };
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
    if (options.untilStdinCloses) {
      process.stdin.resume().once('close', () => {
        this.ask('standard input closed');
      });
    }
    if (options.endsWithParent) this.watchParent();
  }

  /** What the parts report. */
  readonly partEvents: PartEvents = {
    crashed: (name, how, delayMs) => {
      const text = ` ${name} ${how}; it is started again in ${String(delayMs / 1000)} s`;
      this.reporter.say(this.reporter.colours.yellow(text));
    },
    restarted: (name) => {
      this.reporter.say(` ${name} runs again`);
    },
    gaveUp: (failure) => {
      this.rejectRequested(failure);
    },
    asksToStop: (name) => {
      this.ask(`${name} was asked to stop`);
    },
  };

  /** Waits for the work, but no longer than until the end is asked for. */
  async orDone(work: Promise<void>): Promise<void> {
    const interrupted = this.requested.then(() => {
      throw new Interrupted('interrupted');
    });
    await Promise.race([work, interrupted]);
    this.isUp = true;
  }

  /** Aborted as soon as the end begins. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** From here on everything is being stopped. */
  begin(): void {
    this.hasBegun = true;
    this.abort.abort(new Interrupted('interrupted'));
  }

  exitCode(): number {
    return this.wasInterrupted ? EXIT_INTERRUPTED : 0;
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    if (this.options.untilStdinCloses) process.stdin.pause();
    clearInterval(this.parentWatch);
  }

  /** Whoever ends npm means the stack; but the shell that npm runs its script in passes no signal on, it only dies. */
  private watchParent(): void {
    const parent = process.ppid;
    this.parentWatch = setInterval(() => {
      if (process.ppid !== parent) this.ask('npm has ended');
    }, PARENT_POLL_MS).unref();
  }

  private ask(why: string): void {
    if (this.hasBegun) {
      // One Ctrl-C may arrive twice: from the terminal and from npm.
      if (Date.now() - this.askedAt > REPEAT_MS) this.killAll(why);
      return;
    }
    this.askedAt = Date.now();
    this.hasBegun = true;
    this.wasInterrupted = !this.isUp;
    this.reporter.say(` ${why}: stopping; data is kept (once more to stop at once)`);
    this.abort.abort(new Interrupted('interrupted'));
    this.resolveRequested();
  }

  private killAll(why: string): void {
    if (why !== 'SIGINT' && why !== 'SIGTERM') return;
    for (const record of readRunRecords(this.home.run)) signalGroup(record.pid, 'SIGKILL');
    this.reporter.close();
    process.exit(EXIT_INTERRUPTED);
  }
}
