/** How far a query is behind the end of its topic, in messages by partition, or why that is not known. */
export type TopicLag =
  | { readonly partitions: Readonly<Record<string, number>> }
  | { readonly partitions: null; readonly reason: string };

/** What the orchestrator measures of a running query, beside what Spark reports. Times are ISO-8601 UTC. */
export interface QueryMeasures {
  /** Null where the query reads no topic. */
  readonly lag: TopicLag | null;
  /** Versions of its table that the query has not read; null where it reads no table, or nobody could tell. */
  readonly versionsBehind: number | null;
  /**
   * When the newest event that is readable was ingested. Of events: the time that Kafka gave it; of aggregates of the stored events: the
   * time at which it was read from Kafka. Null until an event has come.
   */
  readonly newestIngestion: string | null;
}
