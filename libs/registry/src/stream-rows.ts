import type { CheckpointGeneration, StreamGap, StreamQueryRecord, StreamRecord } from '@millrace/domain';
import { Prisma } from './generated/client';
import type { Stream, StreamGap as StreamGapRow, StreamGeneration, StreamQuery } from './generated/client';
import { storableJson, storableText } from './storable-text';

export function toQueryColumns(query: StreamQueryRecord) {
  const text = (value: string | null) => value && storableText(value);
  return {
    name: query.name,
    queryId: query.queryId,
    runId: query.runId,
    checkpointPath: query.checkpointPath,
    tablePath: query.tablePath,
    isActive: query.isActive,
    statusMessage: text(query.statusMessage),
    lastProgress: query.lastProgress === null ? Prisma.JsonNull : storableJson(query.lastProgress),
    recentProgress: storableJson([...query.recentProgress]),
    counts: query.counts ?? Prisma.JsonNull,
    errorMessage: text(query.errorMessage),
    restarts: query.restarts,
    generation: query.generation,
    failure: query.failure,
    measures: query.measures === null ? Prisma.JsonNull : storableJson({ ...query.measures }),
    updateTime: query.updateTime,
  };
}

/** A stream with all that belongs to it. */
export function toStreamRecord({
  queries,
  gaps,
  ...stream
}: Stream & { queries: StreamQuery[]; gaps: StreamGapRow[] }): StreamRecord {
  return {
    ...stream,
    desired: stream.desired as StreamRecord['desired'],
    mode: stream.mode as StreamRecord['mode'],
    queries: queries.map(toQueryRecord),
    gaps: gaps.map(toGap),
  };
}

function toQueryRecord(row: StreamQuery): StreamQueryRecord {
  return {
    name: row.name,
    queryId: row.queryId,
    runId: row.runId,
    checkpointPath: row.checkpointPath,
    tablePath: row.tablePath,
    isActive: row.isActive,
    statusMessage: row.statusMessage,
    lastProgress: row.lastProgress as StreamQueryRecord['lastProgress'],
    recentProgress: row.recentProgress as StreamQueryRecord['recentProgress'],
    counts: row.counts as StreamQueryRecord['counts'],
    errorMessage: row.errorMessage,
    restarts: row.restarts,
    generation: row.generation,
    failure: row.failure as StreamQueryRecord['failure'],
    measures: row.measures as unknown as StreamQueryRecord['measures'],
    updateTime: row.updateTime,
  };
}

/** Offsets stay far below 2^53. */
function toGap(row: StreamGapRow): StreamGap {
  return {
    query: row.query,
    topic: row.topic,
    generation: row.generation,
    partition: row.partition,
    fromOffset: Number(row.fromOffset),
    untilOffset: row.untilOffset === null ? null : Number(row.untilOffset),
    reason: row.reason as StreamGap['reason'],
    detectedAt: row.detectedAt,
    acceptedAt: row.acceptedAt,
  };
}

export function toGeneration({
  streamName,
  startOffsets,
  baseCounts,
  ...row
}: StreamGeneration): CheckpointGeneration {
  return {
    ...row,
    stream: streamName,
    startOffsets: startOffsets as CheckpointGeneration['startOffsets'],
    baseCounts: baseCounts as CheckpointGeneration['baseCounts'],
  };
}
