import type {
  BatchFilters,
  BatchRequest,
  DeltaBatchRequest,
  KafkaBatchRequest,
  Lineage,
} from '@millrace/domain';
import { Injectable } from '@nestjs/common';
import { BatchPolicy } from './batch-policy';
import { ContinueBatch } from './continue-batch';
import { fingerprintOf, requestFingerprint } from './fingerprint';
import { isKafkaRequest } from './read-batch-request';
import { RegisterBatch } from './register-batch';
import type { Submitted } from './register-batch';
import { ResolveSource } from './resolve-source';
import type { Sender } from './sender';
import { deltaRange, kafkaRange, LATEST_VERSION } from './source-range';
import type { DayRange, SourceRange } from './source-range';
import { Turns } from './turns';

/**
 * Accepts a request: finds out what exactly it reads, and registers it. Requests with `next` take turns within this
 * process only: beside a second gateway, two batches of one lineage could begin at the same place.
 */
@Injectable()
export class SubmitBatch {
  private readonly turns = new Turns();

  constructor(
    private readonly policy: BatchPolicy,
    private readonly continueBatch: ContinueBatch,
    private readonly resolve: ResolveSource,
    private readonly register: RegisterBatch,
  ) {}

  /**
   * @throws InvalidRequest, Conflict (`next` while the batch before is in flight), IdempotencyKeyReused, and
   * ServiceUnavailable when the queue is full or what must be asked is away.
   */
  async execute(request: BatchRequest, sender: Sender): Promise<Submitted> {
    const fingerprint = requestFingerprint(request);
    const replay = await this.register.replayOf(sender, fingerprint);
    if (replay !== undefined) return replay;
    this.policy.check({ ...request, topic: isKafkaRequest(request) ? request.topic : null });
    if (request.next === undefined) return this.accept(request, fingerprint, sender);
    // Two at once would both begin where the batch before ended.
    return this.turns.take(fingerprintOf(lineageOf(request)), async () => {
      // The same request with the same key may have had the turn before this one.
      const first = await this.register.replayOf(sender, fingerprint);
      return first ?? this.accept(request, fingerprint, sender);
    });
  }

  private async accept(request: BatchRequest, fingerprint: string, sender: Sender): Promise<Submitted> {
    const range = await this.rangeOf(request, sender.requestedBy.requestId);
    const content = {
      ...range,
      analysisType: request.analysisType,
      filters: filtersOf(request),
      labels: request.labels ?? {},
      sinks: [...new Set(request.sinks)],
      timeoutSeconds: request.timeoutSeconds ?? null,
      webhookUrl: request.webhookUrl ?? null,
      rerunOf: null,
      fingerprint,
    };
    return this.register.execute(content, sender);
  }

  private rangeOf(request: BatchRequest, requestId: string): Promise<SourceRange> {
    return isKafkaRequest(request)
      ? this.kafkaRangeOf(request, requestId)
      : this.deltaRangeOf(request, requestId);
  }

  private async kafkaRangeOf(request: KafkaBatchRequest, requestId: string): Promise<SourceRange> {
    if (request.next !== undefined) {
      return this.continueBatch.offsets(request, lineageOf(request), requestId);
    }
    const { topic, startOffset = 'earliest', endOffset = 'latest' } = request;
    const asked = { topic, startOffset, endOffset };
    return kafkaRange(asked, await this.resolve.offsets(asked, requestId));
  }

  private async deltaRangeOf(request: DeltaBatchRequest, requestId: string): Promise<SourceRange> {
    const { source = 'delta', sourceVersion, sourceTimestamp } = request;
    const days =
      request.next === undefined
        ? daysOf(request)
        : await this.continueBatch.days(request, lineageOf(request), new Date());
    const isPlain = source === 'delta' && sourceVersion === undefined && sourceTimestamp === undefined;
    const version = isPlain
      ? LATEST_VERSION
      : await this.resolve.version({ source, sourceVersion, sourceTimestamp }, requestId);
    return deltaRange(source, days, version);
  }
}

function daysOf({ startDate, endDate }: DeltaBatchRequest): DayRange {
  return { startDate: startDate ?? null, endDate: endDate ?? null, afterEventTimestamp: null };
}

function lineageOf(request: BatchRequest): Lineage {
  const isKafka = isKafkaRequest(request);
  return {
    analysisType: request.analysisType,
    source: isKafka ? 'kafka' : (request.source ?? 'delta'),
    topic: isKafka ? request.topic : null,
    filters: filtersOf(request),
  };
}

function filtersOf(request: BatchRequest): BatchFilters | null {
  const filters = (request.filters ?? {}) as BatchFilters;
  return Object.keys(filters).length === 0 ? null : filters;
}
