import type {
  QueryProgressEvent,
  QueryStartedEvent,
  QueryTerminatedEvent,
} from '../streaming/listener-events';
import type { ListenerFailure, StreamingQueryListener } from '../streaming/streaming-query-listener';

/** A listener that writes down what it hears, and can be waited for. */
export class RecordingListener implements StreamingQueryListener {
  readonly heard: string[] = [];
  readonly failures: { where: ListenerFailure; error: unknown }[] = [];
  private waiters: (() => void)[] = [];

  onQueryStarted(event: QueryStartedEvent): void {
    this.note(`started ${event.runId} ${event.name ?? ''}`);
  }
  onQueryProgress({ progress: { runId, batchId, numInputRows } }: QueryProgressEvent): void {
    this.note(`progress ${runId} ${String(batchId)} ${String(numInputRows)}`);
  }
  onQueryIdle({ runId }: { runId: string }): void {
    this.note(`idle ${runId}`);
  }
  onQueryTerminated(event: QueryTerminatedEvent): void {
    this.note(`terminated ${event.runId} ${event.errorClassOnException ?? ''}`);
  }
  onError(error: unknown, where: ListenerFailure): void {
    this.failures.push({ error, where });
    this.wake();
  }

  async until(isMet: () => boolean): Promise<void> {
    while (!isMet()) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  private note(event: string): void {
    this.heard.push(event);
    this.wake();
  }
  private wake(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const wake of waiters) wake();
  }
}
