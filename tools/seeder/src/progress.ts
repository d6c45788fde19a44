import type { ExecutionProgress } from 'spark-connect-js';

const EVERY_MS = 2000;

/** Says how far things are, every two seconds at most, and at the end. */
export class Progress {
  private saidMs = Date.now();

  constructor(
    private readonly say: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  report(what: string, done: number, total: number): void {
    const nowMs = this.now();
    if (done < total && nowMs - this.saidMs < EVERY_MS) return;
    this.saidMs = nowMs;
    this.say(`${what}: ${Math.floor((done * 100) / total)} % (${done} of ${total})`);
  }

  /** The longest stage is the one that writes. */
  reportSpark({ stages }: ExecutionProgress): void {
    const writing = stages.reduce<ExecutionProgress['stages'][number] | undefined>(
      (longest, stage) => (stage.numTasks > (longest?.numTasks ?? 0) ? stage : longest),
      undefined,
    );
    if (writing !== undefined)
      this.report('writing to Delta, tasks', writing.numCompletedTasks, writing.numTasks);
  }
}
