import type { GapReason, OffsetMap } from '@millrace/domain';
import type { PartitionOffsets } from '../kafka/kafka-topics';

/** Messages of a partition that cannot be read any more; see {@link StreamGap}. */
export interface FoundGap {
  readonly partition: number;
  readonly fromOffset: number;
  readonly untilOffset: number | null;
  readonly reason: GapReason;
}

/**
 * What lies between the position of a query and what the topic holds now.
 * @param position Next offset by partition, as it was before the topic was asked.
 */
export function findGaps(position: OffsetMap, held: readonly PartitionOffsets[]): FoundGap[] {
  const next = Object.entries(position).map(([number, offset]) => ({ partition: Number(number), offset }));
  if (isAnother(position, held)) {
    return next.map(({ partition, offset }) => ({
      ...{ partition, fromOffset: offset, untilOffset: null, reason: 'RECREATED' },
    }));
  }
  return next.flatMap(({ partition, offset }) => {
    const first = held.find((one) => one.partition === partition)?.first ?? offset;
    if (first <= offset) return [];
    return [{ partition, fromOffset: offset, untilOffset: first, reason: 'RETENTION' }];
  });
}

/** Where a query goes on that gives up what is gone: everything that the topic holds and the query has not read. */
export function offsetsBehindGaps(position: OffsetMap, held: readonly PartitionOffsets[]): OffsetMap {
  const knows = isAnother(position, held) ? {} : position;
  return Object.fromEntries(
    held.map(({ partition, first }) => [String(partition), Math.max(knows[partition] ?? first, first)]),
  );
}

/** Ends never go back and partitions never go: a topic of which that is true is not the one that was read. */
function isAnother(position: OffsetMap, held: readonly PartitionOffsets[]): boolean {
  return Object.entries(position).some(([number, offset]) => {
    const end = held.find(({ partition }) => partition === Number(number))?.end;
    return end === undefined || end < offset;
  });
}
