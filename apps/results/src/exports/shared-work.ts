/** Work that several wait for, given up some time after the last of them is gone: whoever asks again soon finds it further on. */
export class SharedWork<T> {
  /** Those who wait, by what tells that they do not any more. */
  readonly waiting = new Set<AbortSignal>();
  private readonly givenUp = new AbortController();
  private readonly result: Promise<T>;
  private grace: NodeJS.Timeout | undefined;

  /** @param work gets the signal that nobody waits any more. */
  constructor(
    work: (signal: AbortSignal) => Promise<T>,
    private readonly graceMs: number,
  ) {
    this.result = work(this.givenUp.signal);
    // Whoever waits is told; it may be nobody.
    this.result.catch(() => undefined);
  }

  get isGivenUp(): boolean {
    return this.givenUp.signal.aborted;
  }

  /** @throws what the work throws, or why who waits is gone. */
  wait(gone: AbortSignal): Promise<T> {
    clearTimeout(this.grace);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(gone);
        if (this.waiting.size === 0) this.giveUpLater();
        reject(gone.reason as Error);
      };
      this.waiting.add(gone);
      gone.addEventListener('abort', leave, { once: true });
      const stay = () => {
        gone.removeEventListener('abort', leave);
        this.waiting.delete(gone);
      };
      this.result.finally(stay).then(resolve, reject);
    });
  }

  private giveUpLater(): void {
    this.grace = setTimeout(() => {
      this.givenUp.abort();
    }, this.graceMs).unref();
  }
}
