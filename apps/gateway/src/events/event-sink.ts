import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** The response of one client. Whoever writes waits for it, so that a slow reader costs one frame of memory. */
export class EventSink {
  private lastWriteMs = Date.now();

  /** @param patienceMs how long a client may not read before its connection is closed. */
  constructor(
    private readonly response: ServerResponse,
    private readonly patienceMs: number,
  ) {}

  get isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  get idleMs(): number {
    return Date.now() - this.lastWriteMs;
  }

  onClosed(listener: () => void): void {
    this.response.once('close', listener);
  }

  /** Resolves when there is room for more, with false when the client is gone or has not read for too long. */
  async write(frame: string): Promise<boolean> {
    if (!this.isOpen) return false;
    this.lastWriteMs = Date.now();
    if (this.response.write(frame)) return true;
    const waiting = new AbortController();
    const timer = setTimeout(() => this.response.destroy(), this.patienceMs);
    const { signal } = waiting;
    try {
      await Promise.race([
        once(this.response, 'drain', { signal }),
        once(this.response, 'close', { signal }),
      ]);
    } catch {
      // An error of the connection is its end.
    } finally {
      clearTimeout(timer);
      waiting.abort();
    }
    return this.isOpen;
  }

  cutOff(): void {
    this.response.destroy();
  }

  /** Resolves when all that was written is out; a client that does not take it in time is cut off. */
  async end(timeoutMs: number, lastFrame?: string): Promise<void> {
    if (this.response.destroyed) return;
    const timer = setTimeout(() => this.response.destroy(), timeoutMs);
    const closed = once(this.response, 'close').catch(() => undefined);
    if (!this.response.writableEnded) this.response.end(lastFrame);
    await closed;
    clearTimeout(timer);
  }
}
