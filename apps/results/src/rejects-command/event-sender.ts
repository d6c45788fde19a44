/** An event that is to be sent to its topic again. */
export interface OutgoingEvent {
  readonly topic: string;
  /** Where it was first. */
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** The broker does not take this event, and would not the next time. */
export class EventRefused extends Error {}

export interface EventSender {
  /**
   * Sends events of one partition of one topic, in their order; resolves when all replicas have them. Gives where they are,
   * in the same order.
   * @throws EventRefused where the broker does not take them, Unreachable where there is no broker or no topic.
   */
  send(events: readonly OutgoingEvent[]): Promise<readonly { partition: number; offset: number }[]>;
  close(): Promise<void>;
}
