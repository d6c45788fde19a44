import { onAbort } from '../channel/abort-listeners';
import type { CallOptions } from '../execute/action-options';
import type { StreamingQueryListenerEvent } from '../generated/spark/connect/commands_pb';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { parseListenerEvent, parseStartedEvent, type ListenerEvent } from './listener-events';
import { ListenerStream } from './listener-stream';
import { StartedFirst } from './started-first';
import { notify, report, type StreamingQueryListener } from './streaming-query-listener';

/**
 * The listeners of one session in this process, all views of the session included. They share one stream of events, which is opened for
 * the first and ended with the last. Mirrors the listener bus of the Connect clients (`StreamingQueryListenerBus.scala`).
 */
export class StreamingQueryListenerBus {
  private readonly listeners = new Set<StreamingQueryListener>();
  private readonly startedFirst = new StartedFirst((event) => {
    for (const listener of [...this.listeners]) notify(listener, event);
  });
  private stream: ListenerStream | undefined;
  private opening: AbortController | undefined;
  /** The last of the changes, which run one after the other: an ADD must not overtake a REMOVE. */
  private changes: Promise<unknown> = Promise.resolve();

  get registered(): readonly StreamingQueryListener[] {
    return [...this.listeners];
  }

  /** Resolves when the server sends events. A listener that is there already is not added again. */
  add(client: SparkConnectClient, listener: StreamingQueryListener, options: CallOptions): Promise<void> {
    return this.change(async () => {
      if (this.listeners.has(listener)) return;
      // Before the stream is open, so that no event falls between.
      this.listeners.add(listener);
      try {
        if (this.stream === undefined) await this.open(client, options);
      } catch (error) {
        this.listeners.delete(listener);
        throw error;
      }
    });
  }

  /** No callback is called any more from now on; resolves when the stream has ended, if this was the last listener. */
  remove(listener: StreamingQueryListener, options: CallOptions): Promise<void> {
    this.listeners.delete(listener);
    return this.change(async () => {
      // Once more: when it was removed, its own addition may still have been waiting for its turn.
      this.listeners.delete(listener);
      await this.endIfUnused(options);
    });
  }

  /** Drops every listener. Never rejects: what the server does not hear now it notices when the session ends. */
  async close(deadlineMs: number): Promise<void> {
    this.opening?.abort(new Error('the session is closed on this side'));
    this.listeners.clear();
    await this.change(async () => {
      this.listeners.clear();
      await this.endIfUnused({ deadlineMs });
    }).catch(() => undefined);
  }

  /** Runs the start of a query; the event that its answer carries is delivered before this resolves. */
  starting<Answer extends { readonly queryStartedEventJson?: string | undefined }>(
    start: () => Promise<Answer>,
  ): Promise<Answer> {
    return this.startedFirst.during(async (started) => {
      const answer = await start();
      const json = answer.queryStartedEventJson;
      if (json !== undefined) this.read(() => parseStartedEvent(json), started);
      return answer;
    });
  }

  private change(task: () => Promise<void>): Promise<void> {
    const done = this.changes.then(task);
    this.changes = done.catch(() => undefined);
    return done;
  }

  private async open(client: SparkConnectClient, options: CallOptions): Promise<void> {
    const stream = await this.openStream(client, options);
    this.stream = stream;
    void stream.ended.then((reason) => {
      if (reason !== undefined) this.fail(stream, reason);
    });
  }

  /** Until it is open it can be ended by the caller and by `close`. */
  private async openStream(client: SparkConnectClient, options: CallOptions): Promise<ListenerStream> {
    const opening = new AbortController();
    this.opening = opening;
    const abort = (): void => {
      opening.abort(options.signal?.reason);
    };
    if (options.signal?.aborted === true) abort();
    const stopListening = onAbort(options.signal, abort);
    const receive = (event: StreamingQueryListenerEvent): void => {
      this.received(event);
    };
    try {
      return await ListenerStream.open(client, receive, { ...options, signal: opening.signal });
    } finally {
      stopListening();
      this.opening = undefined;
    }
  }

  private received(event: StreamingQueryListenerEvent): void {
    this.read(
      () => parseListenerEvent(event),
      (parsed) => {
        this.startedFirst.push(parsed);
      },
    );
  }

  private async endIfUnused(options: CallOptions): Promise<void> {
    const { stream } = this;
    if (stream === undefined || this.listeners.size > 0) return;
    this.stream = undefined;
    this.startedFirst.clear();
    await stream.end(options);
  }

  /** The events ended by themselves: every listener hears of it, and none is left. */
  private fail(stream: ListenerStream, reason: unknown): void {
    if (this.stream !== stream) return;
    this.stream = undefined;
    this.startedFirst.clear();
    const listeners = this.registered;
    this.listeners.clear();
    for (const listener of listeners) report(listener, reason, 'bus');
  }

  private read(parse: () => ListenerEvent | undefined, deliver: (event: ListenerEvent) => void): void {
    let event: ListenerEvent | undefined;
    try {
      event = parse();
    } catch (error) {
      for (const listener of this.registered) report(listener, error, 'event');
    }
    if (event !== undefined) deliver(event);
  }
}
