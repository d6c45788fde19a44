import type { JsonValue, StreamQueryRecord } from '@millrace/domain';
import type { StreamingQuery, StreamingQueryProgress } from 'spark-connect-js';

const KEPT_PROGRESS = 20;

/** A running query as the registry shows it, refreshed by polling (the listener bus hangs after a restart). */
export class WatchedQuery {
  private readonly recent: JsonValue[] = [];
  private lastBatchId: number | undefined;

  constructor(
    readonly query: StreamingQuery,
    private readonly facts: Pick<
      StreamQueryRecord,
      'name' | 'checkpointPath' | 'tablePath' | 'restarts' | 'errorMessage'
    >,
  ) {}

  /** True once a micro-batch of this run has been seen. */
  get hasProgressed(): boolean {
    return this.lastBatchId !== undefined;
  }

  /** Asks the server; at most three round trips. */
  async poll(now: Date): Promise<StreamQueryRecord> {
    const status = await this.query.status();
    const failure = status.isActive ? undefined : await this.query.exception();
    const progress = await this.query.lastProgress();
    if (progress !== undefined) this.remember(progress);
    // Why the last run failed stays visible until this one has done something.
    const errorMessage = failure?.message ?? (this.hasProgressed ? null : this.facts.errorMessage);
    return {
      ...this.record(now, { isActive: status.isActive, statusMessage: status.message }),
      errorMessage,
    };
  }

  /** What is known without asking. */
  record(now: Date, state: Pick<StreamQueryRecord, 'isActive' | 'statusMessage'>): StreamQueryRecord {
    return {
      ...this.facts,
      ...state,
      queryId: this.query.id,
      runId: this.query.runId,
      lastProgress: this.recent.at(-1) ?? null,
      recentProgress: [...this.recent],
      updateTime: now,
    };
  }

  private remember(progress: StreamingQueryProgress): void {
    const json = toJson(progress);
    if (progress.batchId === this.lastBatchId) this.recent.pop();
    this.lastBatchId = progress.batchId;
    this.recent.push(json);
    if (this.recent.length > KEPT_PROGRESS) this.recent.shift();
  }
}

/** Offsets and counts are 64-bit; they stay far below 2^53 here, so JSON numbers are exact. */
function toJson(value: unknown): JsonValue {
  return JSON.parse(
    JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)),
  ) as JsonValue;
}
