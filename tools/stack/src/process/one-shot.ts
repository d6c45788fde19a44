import { PartFailure } from '../part-failure';
import { describeExit, logFileOf, startChild } from './child';
import type { ChildFolders, ChildSpec, RunningChild } from './child';
import { explainLog, lastLines } from './explain-log';
import { signalGroup } from './process-group';
import { removeRunRecord } from './run-records';

const NOTE_EVERY_MS = 1_000;
const STOP_LIMIT_MS = 10_000;

export interface OneShotSpec extends ChildSpec {
  /** It is ended when it takes longer. */
  readonly limitMs: number;
}

/** A process that does one piece of work and ends. */
export class OneShot {
  private child: RunningChild | undefined;
  isRunning = false;

  constructor(
    private readonly spec: OneShotSpec,
    private readonly folders: ChildFolders,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  /**
   * Runs it to its end.
   * @param onLine told the newest line of its log every second
   * @throws PartFailure when it fails or takes longer than its limit
   */
  async run(onLine: (line: string) => void): Promise<void> {
    const logFile = logFileOf(this.folders, this.name);
    const child = startChild(this.spec, this.folders);
    this.child = child;
    this.isRunning = true;
    const late = new AbortController();
    const limit = setTimeout(() => {
      late.abort();
      void this.stop();
    }, this.spec.limitMs);
    const notes = setInterval(() => {
      const line = lastLines(logFile, 1)[0];
      if (line !== undefined && line !== '') onLine(line);
    }, NOTE_EVERY_MS);
    const exit = await child.exited;
    this.isRunning = false;
    clearInterval(notes);
    clearTimeout(limit);
    removeRunRecord(this.folders.run, this.name);
    if (exit.code === 0) return;
    const how = late.signal.aborted
      ? `took longer than ${String(this.spec.limitMs / 60_000)} min`
      : describeExit(exit);
    const known = explainLog(logFile);
    throw new PartFailure(this.name, `${this.name} ${how}${known ? `: ${known.cause}` : ''}`, {
      fix: known?.fix,
      logFile,
    });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || !this.isRunning) return;
    signalGroup(child.pid, 'SIGTERM');
    const { pid } = child;
    const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_LIMIT_MS);
    await child.exited;
    clearTimeout(force);
  }
}
