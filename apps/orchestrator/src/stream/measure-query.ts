import type { QueryMeasures, TopicLag } from '@millrace/domain';
import type { PartitionOffsets } from '../kafka/kafka-topics';

/** What a topic held when it was last asked, or why it did not tell. */
export type TopicSight = { readonly held: readonly PartitionOffsets[] } | { readonly reason: string };

/** What a query reads, as it was when somebody last looked; undefined before the first look. */
export type SourceSight =
  | { readonly kind: 'topic'; readonly topic: string; readonly seen: TopicSight | undefined }
  | { readonly kind: 'table'; readonly latestVersion: number | undefined };

/** Observation and column that tell when the newest row of a micro-batch was ingested, in ms since 1970. */
const NEWEST_INGESTION: readonly (readonly [string, string])[] = [
  ['contract', 'newest'],
  ['ingestion', 'newest'],
];

/**
 * @param progress The newest one that there is of the checkpoint, as it was reported or stored; nothing where there is none.
 * @param earlier What was measured before: an idle micro-batch says nothing of the newest event.
 */
export function measureQuery(
  progress: unknown,
  source: SourceSight,
  earlier: QueryMeasures | null,
): QueryMeasures {
  return {
    lag: source.kind === 'topic' ? lagOf(progress, source.topic, source.seen) : null,
    versionsBehind: source.kind === 'table' ? versionsBehind(progress, source.latestVersion) : null,
    newestIngestion: laterOf(newestIngestion(progress), earlier?.newestIngestion ?? null),
  };
}

function lagOf(progress: unknown, topic: string, seen: TopicSight | undefined): TopicLag {
  const unknown = (reason: string) => ({ partitions: null, reason });
  if (seen === undefined) return unknown('Kafka has not been asked yet');
  if ('reason' in seen) return unknown(seen.reason);
  const read = memberOf(endOffsetOf(progress), topic);
  if (read === undefined) return unknown('The query has not ended a micro-batch yet');
  const partitions = seen.held.map(({ partition, first, end }) => {
    const next = memberOf(read, String(partition));
    // What was read since Kafka was asked is not behind; a partition that the query has not met is read from its beginning.
    return [String(partition), Math.max(end - (typeof next === 'number' ? next : first), 0)] as const;
  });
  return { partitions: Object.fromEntries(partitions) };
}

/** Delta's offset names the version that is read next, or that is being read. */
function versionsBehind(progress: unknown, latestVersion: number | undefined): number | null {
  const next = memberOf(endOffsetOf(progress), 'reservoirVersion');
  if (typeof next !== 'number' || latestVersion === undefined) return null;
  return Math.max(latestVersion - next + 1, 0);
}

/** Of the one source. */
function endOffsetOf(progress: unknown): unknown {
  const sources = memberOf(progress, 'sources');
  return Array.isArray(sources) ? memberOf(sources[0], 'endOffset') : undefined;
}

function newestIngestion(progress: unknown): string | null {
  const values = NEWEST_INGESTION.map(([observation, column]) =>
    Number(memberOf(memberOf(memberOf(progress, 'observedMetrics'), observation), column) ?? Number.NaN),
  );
  const newest = values.find((value) => Number.isFinite(value));
  return newest === undefined ? null : new Date(newest).toISOString();
}

/** Both as ISO-8601 UTC with milliseconds. */
function laterOf(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
