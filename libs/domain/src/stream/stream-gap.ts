import type { OffsetMap } from '../batch/offset-spec';
import type { QueryCounts } from './stream-registry';

/** Why messages are gone: Kafka deleted them because of their age or size, or the topic was deleted and made again. */
export const GAP_REASONS = ['RETENTION', 'RECREATED'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** Messages of a partition that were gone before the query read them. Once recorded it stays in the record. */
export interface StreamGap {
  readonly query: string;
  readonly topic: string;
  /** Of the checkpoint that met it. */
  readonly generation: number;
  readonly partition: number;
  /** The first offset that was not read. */
  readonly fromOffset: number;
  /** The first offset after the gap; null where nobody can tell any more how many there were. */
  readonly untilOffset: number | null;
  readonly reason: GapReason;
  readonly detectedAt: Date;
  /** When somebody told the stream to go on without these messages; null while it waits for that. */
  readonly acceptedAt: Date | null;
}

/** How a gap is named by whoever accepts it: `transactions-stream/0/1200-1450`. It says what is given up. */
export function gapId({
  topic,
  partition,
  fromOffset,
  untilOffset,
}: Pick<StreamGap, 'topic' | 'partition' | 'fromOffset' | 'untilOffset'>): string {
  return `${topic}/${partition}/${fromOffset}-${untilOffset ?? 'unknown'}`;
}

/** Whose checkpoint: queries have one for each topic. */
export interface CheckpointOf {
  readonly stream: string;
  readonly query: string;
  readonly topic: string;
}

/** A checkpoint of a query on a topic. A checkpoint cannot pass a gap: the one that is begun after it goes on behind it. */
export interface CheckpointGeneration extends CheckpointOf {
  readonly generation: number;
  /** Where each partition is read from. */
  readonly startOffsets: OffsetMap;
  /** What the earlier checkpoints had counted. */
  readonly baseCounts: QueryCounts;
  readonly startTime: Date;
}
