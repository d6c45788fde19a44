import type { JsonValue, QueryCounts, QueryMeasures, StreamQueryRecord } from '@millrace/domain';
import type { StreamingQueryPlan } from '@millrace/pipelines';
import type { StreamingQuery, StreamingQueryProgress } from 'spark-connect-js';
import type { CountsReader } from './counts-reader';
import { measureQuery } from './measure-query';
import type { SourceSight } from './measure-query';
import type { QueryRunner } from './query-runner';

const KEPT_PROGRESS = 20;

/** What is known of a query before it has been asked. */
export interface QueryFacts {
  /** What this run shows as it is. */
  readonly shown: Pick<
    StreamQueryRecord,
    'name' | 'checkpointPath' | 'tablePath' | 'restarts' | 'generation' | 'errorMessage'
  >;
  /** Of earlier runs on the same checkpoint. */
  readonly earlier: Pick<StreamQueryRecord, 'counts' | 'measures' | 'lastProgress'>;
}

export const NOTHING = { counts: null, measures: null, lastProgress: null };

/** Of a query that could not even be started once: it has no ids yet. */
export function neverRun(
  runner: QueryRunner,
  plan: StreamingQueryPlan,
  topic: string,
): Omit<StreamQueryRecord, 'updateTime'> {
  return {
    ...{ name: plan.name, queryId: '', runId: '', isActive: false, statusMessage: null, errorMessage: null },
    ...{ checkpointPath: runner.checkpointPath(plan, topic), tablePath: runner.tablePath(plan) },
    ...{ ...NOTHING, recentProgress: [], restarts: 0, generation: 1, failure: null },
  };
}

/** A running query as the registry shows it, refreshed by polling (the listener bus hangs after a restart). */
export class WatchedQuery {
  private readonly recent: JsonValue[] = [];
  private newest: StreamingQueryProgress | undefined;
  private counts: QueryCounts | null;
  private measures: QueryMeasures | null;
  private failed = false;

  constructor(
    readonly query: StreamingQuery,
    private readonly facts: QueryFacts,
    private readonly countsReader: CountsReader,
    private readonly source: () => SourceSight,
  ) {
    this.counts = facts.earlier.counts;
    this.measures = facts.earlier.measures;
  }

  /** True once a micro-batch of this run has been seen. */
  get hasProgressed(): boolean {
    return this.newest !== undefined;
  }

  /** True when it was seen to have ended with an error. */
  get hasFailed(): boolean {
    return this.failed;
  }

  /** Asks the server; at most three round trips, and now and then a look at the counts. */
  async poll(now: Date): Promise<StreamQueryRecord> {
    const status = await this.query.status();
    const failure = status.isActive ? undefined : await this.query.exception();
    this.failed = failure !== undefined;
    const progress = await this.query.lastProgress();
    if (progress !== undefined) this.remember(progress);
    const isLast = !status.isActive;
    this.counts = (await this.countsReader.upTo(this.newest?.batchId, now, isLast)) ?? this.counts;
    const newest = this.newest ?? this.facts.earlier.lastProgress;
    this.measures = measureQuery(newest, this.source(), this.measures);
    // Why the last run failed stays visible until this one has done something.
    const errorMessage = failure?.message ?? (this.hasProgressed ? null : this.facts.shown.errorMessage);
    return {
      ...this.record(now, { isActive: status.isActive, statusMessage: status.message }),
      errorMessage,
    };
  }

  /** What is known without asking. */
  record(now: Date, state: Pick<StreamQueryRecord, 'isActive' | 'statusMessage'>): StreamQueryRecord {
    return {
      ...this.facts.shown,
      ...state,
      queryId: this.query.id,
      runId: this.query.runId,
      lastProgress: this.recent.at(-1) ?? null,
      recentProgress: [...this.recent],
      counts: this.counts,
      measures: this.measures,
      failure: null,
      updateTime: now,
    };
  }

  private remember(progress: StreamingQueryProgress): void {
    const json = toJson(progress);
    if (progress.batchId === this.newest?.batchId) this.recent.pop();
    this.newest = progress;
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
