import { runCallback } from '../execute/caller-callbacks';
import type {
  ListenerEvent,
  QueryIdleEvent,
  QueryProgressEvent,
  QueryStartedEvent,
  QueryTerminatedEvent,
} from './listener-events';

/**
 * Where a failure of listening lies: `callback`: a callback of this listener threw; `event`: an event could not be read and was left out;
 * `bus`: events no longer arrive and the listener has been removed: add it again once the reason is gone.
 */
export type ListenerFailure = 'callback' | 'event' | 'bus';

/**
 * Hears of the streaming queries of a session, in this process; mirrors `StreamingQueryListener`. Callbacks are called one after the
 * other in the order of the events; what one returns is not waited for.
 */
export interface StreamingQueryListener {
  /** Only for queries started by this session object, and before their `start` returns. */
  onQueryStarted?(event: QueryStartedEvent): unknown;
  /** A micro-batch has ended. */
  onQueryProgress?(event: QueryProgressEvent): unknown;
  /** A query looked for data and found none. */
  onQueryIdle?(event: QueryIdleEvent): unknown;
  /** A query has ended: it was stopped, or it failed. */
  onQueryTerminated?(event: QueryTerminatedEvent): unknown;
  /** Without it a failure becomes a warning of the process (`process.emitWarning`). */
  onError?(error: unknown, where: ListenerFailure): unknown;
}

/** Hands an event to a listener; its failure, also a rejected promise, goes to its own `onError`. */
export function notify(listener: StreamingQueryListener, event: ListenerEvent): void {
  runCallback(
    () => call(listener, event),
    (error) => {
      report(listener, error, 'callback');
    },
  );
}

/** Tells a listener of a failure; never throws. */
export function report(listener: StreamingQueryListener, error: unknown, where: ListenerFailure): void {
  if (listener.onError === undefined) warn(error, where);
  else
    runCallback(
      () => listener.onError?.(error, where),
      (failure) => {
        warn(failure, 'callback');
      },
    );
}

function call(listener: StreamingQueryListener, { callback, event }: ListenerEvent): unknown {
  switch (callback) {
    case 'onQueryStarted':
      return listener.onQueryStarted?.(event);
    case 'onQueryProgress':
      return listener.onQueryProgress?.(event);
    case 'onQueryIdle':
      return listener.onQueryIdle?.(event);
    case 'onQueryTerminated':
      return listener.onQueryTerminated?.(event);
  }
}

function warn(error: unknown, where: ListenerFailure): void {
  const message = error instanceof Error ? error.message : String(error);
  process.emitWarning(`streaming query listener (${where}): ${message}`, 'SparkConnectListenerWarning');
}
