/** A message of Kafka. */
export interface MessagePlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A rejected event. The time that Kafka gave it tells it from one of a topic of the same name before. */
export interface RejectedEvent extends MessagePlace {
  readonly kafkaTime: Date;
}

/** A rejected event that was sent to its topic again, or is about to be. */
export interface RejectReplay extends RejectedEvent {
  readonly reason: string;
  /** Null while nobody knows whether it was sent: whoever meant to send it has not come back. */
  readonly sent: { readonly time: Date; readonly partition: number; readonly offset: number } | null;
}

export type SentReplay = RejectedEvent & { readonly sent: NonNullable<RejectReplay['sent']> };

/** Which rejected events were sent again. Every method throws ServiceUnavailable when the registry is away. */
export interface RejectReplays {
  /** Notes that these are about to be sent, and gives those of them that were not sent before, in their order. */
  begin<T extends RejectedEvent & { readonly reason: string }>(
    events: readonly T[],
    time: Date,
  ): Promise<T[]>;
  /** Notes that events were sent, and where their copies are. */
  end(sent: readonly SentReplay[]): Promise<void>;
  /** Replays of these events, and those that made them: an event may be the copy of one that was rejected before. */
  find(places: readonly MessagePlace[]): Promise<RejectReplay[]>;
  /** How many were sent, by the reason for which they were rejected. */
  counts(): Promise<ReadonlyMap<string, number>>;
}
