import type { AnalysisName } from '@millrace/domain';

/** The members of one report that are to run in this attempt: each once, however often its job is delivered. */
export class MemberRuns {
  /** Resolves when every member has ended, or when none runs any more after `close`. */
  readonly done: Promise<void>;
  private readonly waiting: Set<AnalysisName>;
  private readonly runs = new Map<AnalysisName, Promise<void>>();
  private running = 0;
  private isClosed = false;
  private resolveDone: () => void = () => undefined;

  constructor(
    members: readonly AnalysisName[],
    private readonly compute: (member: AnalysisName) => Promise<void>,
  ) {
    this.waiting = new Set(members);
    this.done = new Promise((resolve) => {
      this.resolveDone = resolve;
    });
    this.look();
  }

  /** Members that nobody has started; none when no more is to be started. */
  get notStarted(): readonly AnalysisName[] {
    return this.isClosed ? [] : [...this.waiting];
  }

  /** @returns the run of this member, the same for whoever asks. */
  start(member: AnalysisName): Promise<void> {
    const known = this.runs.get(member);
    if (known !== undefined) return known;
    if (this.isClosed) return Promise.reject(new Error('Not run: this attempt of the batch has ended'));
    // Not among those of this attempt: an earlier one has finished it.
    if (!this.waiting.delete(member)) return Promise.resolve();
    this.running += 1;
    const run = this.compute(member).finally(() => {
      this.running -= 1;
      this.look();
    });
    this.runs.set(member, run);
    return run;
  }

  /** No more member is started; those that run end by themselves. */
  close(): void {
    this.isClosed = true;
    this.look();
  }

  private look(): void {
    if (this.running === 0 && (this.isClosed || this.waiting.size === 0)) this.resolveDone();
  }
}
