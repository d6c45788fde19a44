import { offsetText } from '@millrace/domain';
import type { NewBatch, OffsetRange, OffsetSpec } from '@millrace/domain';

/** What a batch reads, as its record has it. */
export type SourceRange = Pick<
  NewBatch,
  | 'source'
  | 'topic'
  | 'startOffset'
  | 'endOffset'
  | 'sourceOffsets'
  | 'startDate'
  | 'endDate'
  | 'afterEventTimestamp'
  | 'sourcePath'
  | 'sourceVersion'
>;

export function kafkaRange(
  asked: { readonly topic: string; readonly startOffset: OffsetSpec; readonly endOffset: OffsetSpec },
  sourceOffsets: OffsetRange,
): SourceRange {
  return {
    source: 'kafka',
    topic: asked.topic,
    startOffset: offsetText(asked.startOffset),
    endOffset: offsetText(asked.endOffset),
    sourceOffsets,
    startDate: null,
    endDate: null,
    afterEventTimestamp: null,
    sourcePath: null,
    sourceVersion: null,
  };
}

export interface DayRange {
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly afterEventTimestamp: string | null;
}

/** A version of a Delta table; without one the orchestrator takes the latest when the batch begins. */
export interface PinnedVersion {
  readonly sourcePath: string | null;
  readonly sourceVersion: bigint | null;
}

export const LATEST_VERSION: PinnedVersion = { sourcePath: null, sourceVersion: null };

export function deltaRange(source: 'delta' | 'seed', days: DayRange, version: PinnedVersion): SourceRange {
  return {
    source,
    topic: null,
    startOffset: null,
    endOffset: null,
    sourceOffsets: null,
    startDate: days.startDate,
    endDate: days.endDate,
    afterEventTimestamp: days.afterEventTimestamp,
    sourcePath: version.sourcePath,
    sourceVersion: version.sourceVersion,
  };
}
