import { abortableDelay } from '../channel/retry';

/** Releases and interrupts in flight, so that closing the channel can wait for them instead of losing them. */
export class BackgroundReleases {
  private readonly pending = new Set<Promise<void>>();
  private readonly abandoned = new AbortController();

  /** Ends releases that still wait for a retry, so that a closed session keeps no timer. */
  get signal(): AbortSignal {
    return this.abandoned.signal;
  }

  /** Starts a release; its failure is dropped, because the server drops an operation nobody reads by itself. */
  add(release: () => Promise<unknown>): void {
    const done: Promise<void> = release().then(
      () => undefined,
      () => undefined,
    );
    this.pending.add(done);
    void done.then(() => this.pending.delete(done));
  }

  /** Waits until none is under way, at most so long; what is left then is abandoned. */
  async settledWithin(timeoutMs: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([this.settled(), abortableDelay(timeoutMs, timer.signal)]);
    timer.abort();
    this.abandoned.abort();
  }

  private async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }
}

/** A small result is complete by then, and needs no other release than the last one. */
const RELEASE_DELAY_MS = 20;

/** Sends `release_until` a moment later and at most one at a time; of those that wait only the newest is needed. */
export class ReleaseUntilQueue {
  private waiting: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;
  private isClosed = false;

  constructor(private readonly send: (responseId: string) => Promise<unknown>) {}

  push(responseId: string): void {
    this.waiting = responseId;
    if (this.isClosed || this.isSending || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.drain();
    }, RELEASE_DELAY_MS).unref();
  }

  /** Nothing more is sent: the release of everything follows. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async drain(): Promise<void> {
    this.isSending = true;
    while (this.waiting !== undefined && !this.isClosed) {
      const responseId = this.waiting;
      this.waiting = undefined;
      await this.send(responseId).catch(() => undefined);
    }
    this.isSending = false;
  }
}
