/** What is done beside requests, to answer later ones sooner; whether it succeeds nobody is told. */
export class BackgroundWork {
  private readonly running = new Set<Promise<unknown>>();
  private readonly end = new AbortController();

  /** @param work that ends soon once the signal is there. */
  begin(work: (signal: AbortSignal) => Promise<unknown>): void {
    const done = work(this.end.signal)
      .catch(() => undefined)
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Until nothing is worked at any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async stop(): Promise<void> {
    this.end.abort();
    await this.settled();
  }
}
