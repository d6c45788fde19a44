/** Times of the event streams, in milliseconds. */
export interface EventTiming {
  /** A connection that is quiet for so long gets a comment. */
  readonly heartbeatMs: number;
  /** A client that does not read for so long is cut off. */
  readonly patienceMs: number;
  /** How often the registry is looked at without a notification: one may be missed while its connection is away. */
  readonly lookMs: number;
}

export const EVENT_TIMING = Symbol('EventTiming');

export const DEFAULT_EVENT_TIMING: EventTiming = { heartbeatMs: 15_000, patienceMs: 60_000, lookMs: 5_000 };
