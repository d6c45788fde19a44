import { ProtocolError } from '../errors/spark-connect-error';
import {
  StreamingQueryEventType,
  type StreamingQueryListenerEvent,
} from '../generated/spark/connect/commands_pb';
import { isObject, listOf, parseExactJson, textOf, type JsonObject } from './exact-json';
import { progressOf, type StreamingQueryProgress } from './progress';

/** A query of this session object was started. Mirrors `StreamingQueryListener.QueryStartedEvent`. */
export interface QueryStartedEvent {
  readonly id: string;
  readonly runId: string;
  readonly name: string | undefined;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
  /** Tags of the Spark jobs of the query (Spark 4.1 tells them). */
  readonly jobTags: readonly string[];
}

/** A micro-batch has ended, or a trigger found nothing to do for a while. */
export interface QueryProgressEvent {
  readonly progress: StreamingQueryProgress;
}

/** The query has waited for data for `spark.sql.streaming.noDataProgressEventInterval` (10 s). */
export interface QueryIdleEvent {
  readonly id: string;
  readonly runId: string;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
}

/** A query has ended. */
export interface QueryTerminatedEvent {
  readonly id: string;
  readonly runId: string;
  /** The JVM exception with its stack trace as text; undefined after a regular end. */
  readonly exception: string | undefined;
  /** The error class of the exception, e.g. `DIVIDE_BY_ZERO`. */
  readonly errorClassOnException: string | undefined;
}

/** An event with the callback it belongs to. */
export type ListenerEvent =
  | { readonly callback: 'onQueryStarted'; readonly event: QueryStartedEvent }
  | { readonly callback: 'onQueryProgress'; readonly event: QueryProgressEvent }
  | { readonly callback: 'onQueryIdle'; readonly event: QueryIdleEvent }
  | { readonly callback: 'onQueryTerminated'; readonly event: QueryTerminatedEvent };

/** Which run an event is about. */
export function runIdOf(event: ListenerEvent): string {
  return event.callback === 'onQueryProgress' ? event.event.progress.runId : event.event.runId;
}

/**
 * Reads an event of the bus; undefined for a kind that a newer server may have.
 * @throws ProtocolError when it is not what its kind says.
 */
export function parseListenerEvent({
  eventType,
  eventJson,
}: Pick<StreamingQueryListenerEvent, 'eventType' | 'eventJson'>): ListenerEvent | undefined {
  switch (eventType) {
    case StreamingQueryEventType.QUERY_PROGRESS_EVENT: {
      const progress = progressOf(bodyOf(eventJson)['progress']);
      return { callback: 'onQueryProgress', event: { progress } };
    }
    case StreamingQueryEventType.QUERY_TERMINATED_EVENT:
      return { callback: 'onQueryTerminated', event: terminatedOf(bodyOf(eventJson)) };
    case StreamingQueryEventType.QUERY_IDLE_EVENT: {
      const body = bodyOf(eventJson);
      const timestamp = textOf(body['timestamp']) ?? '';
      return { callback: 'onQueryIdle', event: { ...runOf(body), timestamp } };
    }
    default:
      return undefined;
  }
}

/**
 * Reads the event that comes with the answer to a start, never over the bus.
 * @throws ProtocolError when it is not such an event.
 */
export function parseStartedEvent(eventJson: string): ListenerEvent {
  const body = bodyOf(eventJson);
  const event: QueryStartedEvent = {
    ...runOf(body),
    name: textOf(body['name']),
    timestamp: textOf(body['timestamp']) ?? '',
    jobTags: listOf(body['jobTags']).filter((tag) => typeof tag === 'string'),
  };
  return { callback: 'onQueryStarted', event };
}

function terminatedOf(body: JsonObject): QueryTerminatedEvent {
  return {
    ...runOf(body),
    exception: textOf(body['exception']),
    errorClassOnException: textOf(body['errorClassOnException']),
  };
}

function runOf(body: JsonObject): { id: string; runId: string } {
  const [id, runId] = [textOf(body['id']), textOf(body['runId'])];
  if (id === undefined || runId === undefined)
    throw new ProtocolError('a listener event does not say of which run it is');
  return { id, runId };
}

function bodyOf(eventJson: string): JsonObject {
  const body = parseExactJson(eventJson, 'a listener event');
  if (!isObject(body)) throw new ProtocolError(`a listener event is no object: ${eventJson.slice(0, 200)}`);
  return body;
}
