import { Conflict, InvalidRequest } from '@millrace/domain';
import type {
  BatchRecord,
  BatchRegistry,
  DeltaBatchRequest,
  KafkaBatchRequest,
  Lineage,
  OffsetRange,
  OffsetSpec,
} from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_REGISTRY } from '../ports';
import { ResolveSource } from './resolve-source';
import { kafkaRange } from './source-range';
import type { DayRange, SourceRange } from './source-range';

/**
 * Where the next batch of a lineage begins (`next: "auto"`): where the last completed one ended. The answer holds until
 * another batch of the lineage is registered: callers let one at a time find out and register.
 */
@Injectable()
export class ContinueBatch {
  constructor(
    private readonly resolve: ResolveSource,
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
  ) {}

  /**
   * The days after the events that the last batch has seen.
   * @throws Conflict while one is in flight: where it will end is not known yet.
   * @throws InvalidRequest when there is nothing to go on from and the request names no start.
   */
  async days(request: DeltaBatchRequest, lineage: Lineage, now: Date): Promise<DayRange> {
    const last = await this.lastOf(lineage);
    const afterEventTimestamp = last?.maxEventTimestamp ?? last?.afterEventTimestamp ?? null;
    const startDate = afterEventTimestamp?.slice(0, 10) ?? last?.startDate ?? request.startDate;
    if (startDate === undefined) throw noStart('startDate');
    return { startDate, endDate: endAfter(startDate, request, now), afterEventTimestamp };
  }

  /** The offsets after those of the last batch; partitions that are new since then from their start. */
  async offsets(request: KafkaBatchRequest, lineage: Lineage, requestId: string): Promise<SourceRange> {
    const { topic, endOffset = 'latest' } = request;
    const lastEnd = (await this.lastOf(lineage))?.sourceOffsets?.end;
    const first = lastEnd === undefined ? (request.startOffset ?? 'earliest') : 'earliest';
    const there = await this.resolve.offsets({ topic, startOffset: first, endOffset }, requestId);
    if (lastEnd === undefined) return kafkaRange({ topic, startOffset: first, endOffset }, there);
    const start = startAfter(lastEnd, there, endOffset);
    return kafkaRange({ topic, startOffset: start, endOffset }, { start, end: there.end });
  }

  private async lastOf(lineage: Lineage): Promise<BatchRecord | undefined> {
    const inFlight = await this.batches.latestOf(lineage, ['PENDING', 'RUNNING']);
    if (inFlight !== undefined) {
      throw new Conflict(
        `${inFlight.batchId} of the same analysis is ${inFlight.status}: the next one begins where it ends`,
      );
    }
    return this.batches.latestOf(lineage, ['COMPLETED']);
  }
}

function endAfter(startDate: string, request: DeltaBatchRequest, now: Date): string {
  const today = now.toISOString().slice(0, 10);
  const endDate = request.endDate ?? (today < startDate ? startDate : today);
  if (endDate >= startDate) return endDate;
  const message = `must not be before ${startDate}, where the batch before ended`;
  throw new InvalidRequest([{ path: 'endDate', message }]);
}

function noStart(path: string): InvalidRequest {
  const message =
    'is required: there is no completed batch of this analysis, source and filters to go on from';
  return new InvalidRequest([{ path, message }]);
}

/** @param there the first offset that each partition still has, and the one that the request ends before. */
function startAfter(
  lastEnd: OffsetRange['end'],
  there: OffsetRange,
  endOffset: OffsetSpec,
): OffsetRange['start'] {
  const start: Record<string, number> = {};
  for (const [partition, earliest] of Object.entries(there.start)) {
    const from = lastEnd[partition] ?? earliest;
    if (from < earliest) {
      const message = `events are gone: the batch before ended at ${from} of partition ${partition}, which now begins at ${earliest}; give startOffset and endOffset without next`;
      throw new InvalidRequest([{ path: 'startOffset', message }]);
    }
    const end = there.end[partition] ?? from;
    if (from > end) throw endsTooEarly({ partition, from, end, isTopicEnd: endOffset === 'latest' });
    start[partition] = from;
  }
  return start;
}

function endsTooEarly(at: {
  readonly partition: string;
  readonly from: number;
  readonly end: number;
  readonly isTopicEnd: boolean;
}): InvalidRequest {
  const facts = `partition ${at.partition} ends at ${at.end}, before ${at.from}, where the batch before ended`;
  if (!at.isTopicEnd) return new InvalidRequest([{ path: 'endOffset', message: facts }]);
  const message = `the topic was made anew: ${facts}; give startOffset and endOffset without next`;
  return new InvalidRequest([{ path: 'startOffset', message }]);
}
