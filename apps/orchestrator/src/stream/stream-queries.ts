import { isMillraceError } from '@millrace/domain';
import type { CheckpointGeneration, QueryFailure, StreamQueryRecord, StreamRegistry } from '@millrace/domain';
import type { StreamingQueryPlan } from '@millrace/pipelines';
import { Logger } from '@nestjs/common';
import type { SparkSession, StreamingQuery } from 'spark-connect-js';
import { isSessionGone, isSparkUnreachable, summaryOf } from '../spark/session-errors';
import type { Checkpoints } from './checkpoints';
import { gapsSentence } from './checkpoints';
import { CountsReader } from './counts-reader';
import { SPARK_IS_AWAY, endedOf, recordOf, restartsAfter, waiting } from './known-query';
import type { AskedStream } from './known-query';
import { STREAMING_POOL } from './query-runner';
import type { QueryRunner } from './query-runner';
import type { RestartPolicy } from './restart-policy';
import type { SourceWatch } from './source-watch';
import { stopAfterMicroBatch } from './stop-query';
import { neverRun, NOTHING, WatchedQuery } from './watched-query';

/** What the queries of a stream need of the rest. */
export interface StreamParts {
  readonly streamName: string;
  readonly registry: StreamRegistry;
  readonly runner: QueryRunner;
  readonly checkpoints: Checkpoints;
  readonly sources: SourceWatch;
  readonly restarts: RestartPolicy;
  readonly now: () => Date;
}

/** The queries of a stream that this process watches: starts, polls, restarts and stops them, and records what it sees. */
export class StreamQueries {
  private readonly logger = new Logger(StreamQueries.name);
  private readonly watched = new Map<string, WatchedQuery>();
  /** Queries that have processed what was there. */
  private readonly drained = new Set<string>();

  constructor(private readonly parts: StreamParts) {}

  get ids(): string[] {
    return [...this.watched.values()].map(({ query }) => query.id);
  }

  isWatched(plan: StreamingQueryPlan): boolean {
    return this.watched.has(plan.name);
  }

  /** A stream that begins anew: what has drained drains again. */
  forgetDrained(): void {
    this.drained.clear();
  }

  isDrained(plan: StreamingQueryPlan): boolean {
    return this.drained.has(plan.name);
  }

  /** Queries die with their session. */
  forgetSession(): void {
    this.watched.clear();
  }

  /** Nobody knows what they do while Spark does not answer. */
  async loseSight(): Promise<void> {
    const { registry, streamName, now } = this.parts;
    await Promise.all(
      [...this.watched.values()].map((watched) => {
        const record = watched.record(now(), { isActive: false, statusMessage: null });
        return registry.saveQuery(streamName, { ...record, errorMessage: SPARK_IS_AWAY });
      }),
    );
  }

  /** After a restart of this process: a query that the session still runs. */
  async takeUp(spark: SparkSession, stream: AskedStream, plan: StreamingQueryPlan): Promise<void> {
    if (this.watched.has(plan.name)) return;
    const known = recordOf(stream, plan);
    const query = await this.parts.runner.find(spark, plan, known);
    if (query === undefined) return;
    const checkpoint = await this.checkpointOf(plan, stream);
    this.watch(spark, query, plan, stream, checkpoint, known?.restarts ?? 0);
    this.logger.log({ queryId: query.id }, `Took up the running query ${plan.name}`);
  }

  /** Ends one that Spark still runs in another output mode, so that its next start says what is wrong. */
  async stopOtherMode(spark: SparkSession, stream: AskedStream, plan: StreamingQueryPlan): Promise<void> {
    if (plan.kind !== 'aggregate' || this.watched.has(plan.name)) return;
    const query = await this.parts.runner.find(spark, plan, recordOf(stream, plan));
    if (query === undefined || (await this.parts.runner.hasModeOfNow(spark, plan, stream.topic))) return;
    this.logger.warn(`Query ${plan.name} runs in another output mode than that of now, and is stopped`);
    await stopAfterMicroBatch(query);
  }

  /** Looks after a query that shall run: records what it does, starts it again where it does not run and may. */
  async tend(spark: SparkSession, stream: AskedStream, plan: StreamingQueryPlan): Promise<void> {
    const watched = this.watched.get(plan.name);
    if (watched === undefined) {
      await this.restart(spark, stream, plan);
      return;
    }
    const { registry, streamName, restarts, now } = this.parts;
    const record = await watched.poll(now());
    if (watched.hasProgressed) restarts.forget(plan.name);
    if (record.isActive) await registry.saveQuery(streamName, record);
    else await this.ended(spark, stream, plan, watched, record);
  }

  /** Starts a query from its checkpoint, for the first time or by somebody's wish: earlier failures are forgotten. */
  async start(spark: SparkSession, stream: AskedStream, plan: StreamingQueryPlan): Promise<void> {
    this.drained.delete(plan.name);
    this.parts.restarts.forget(plan.name);
    await this.run(spark, stream, plan, 0);
  }

  /** Queries that wait for others. */
  async prepare(
    spark: SparkSession,
    { topic }: AskedStream,
    plans: readonly StreamingQueryPlan[],
  ): Promise<void> {
    for (const plan of plans) await this.parts.runner.prepare(spark, plan, topic);
  }

  /** What happened before this start to queries that it starts later, or not at all, is over. */
  async forgive({ queries }: AskedStream, later: readonly StreamingQueryPlan[]): Promise<void> {
    const { registry, streamName } = this.parts;
    for (const query of queries.filter(({ name }) => !this.watched.has(name))) {
      const isLater = later.some(({ name }) => name === query.name);
      await registry.saveQuery(streamName, isLater ? waiting(query) : { ...query, failure: null });
    }
  }

  /** Each after its micro-batch. */
  async stopAll(): Promise<number> {
    const { registry, streamName, restarts, now } = this.parts;
    const entries = [...this.watched.values()];
    this.watched.clear();
    restarts.forgetAll();
    await Promise.all(
      entries.map(async (watched) => {
        await stopAfterMicroBatch(watched.query);
        const record = await watched.poll(now());
        await registry.saveQuery(streamName, { ...record, isActive: false });
      }),
    );
    return entries.length;
  }

  /** A query that is not active any more is done, is started again later or, when that is in vain, not at all. */
  private async ended(
    spark: SparkSession,
    stream: AskedStream,
    plan: StreamingQueryPlan,
    watched: WatchedQuery,
    record: StreamQueryRecord,
  ): Promise<void> {
    if (stream.mode === 'drain' && !watched.hasFailed) {
      const { registry, streamName } = this.parts;
      this.watched.delete(plan.name);
      this.drained.add(plan.name);
      await registry.saveQuery(streamName, { ...record, statusMessage: 'Drained' });
      this.logger.log(`Query ${plan.name} has processed what was there`);
      return;
    }
    if (this.parts.restarts.widened(plan.name, record.errorMessage)) {
      this.logger.log(
        `Query ${plan.name} is started again, because the schema of the table that it reads has changed`,
      );
      this.watched.delete(plan.name);
      await this.restart(spark, { ...stream, queries: [{ ...record, errorMessage: null }] }, plan);
      return;
    }
    await this.failed(spark, stream, plan, record);
    this.watched.delete(plan.name);
  }

  private async failed(
    spark: SparkSession,
    stream: AskedStream,
    plan: StreamingQueryPlan,
    record: StreamQueryRecord,
  ): Promise<void> {
    const { registry, streamName, restarts, now } = this.parts;
    const { missed, isAway } = await this.missedBy(spark, stream, plan);
    const errorMessage = missed ?? record.errorMessage;
    const retry = () => (isAway ? restarts.interrupted(plan.name, now()) : restarts.failed(plan.name, now()));
    const delayMs = missed === undefined ? retry() : undefined;
    const why = `Query ${plan.name} ended: ${errorMessage ?? 'no error given'}`;
    if (delayMs !== undefined) {
      this.logger.warn(`${why}; started again in ${delayMs} ms`);
      await registry.saveQuery(streamName, record);
      return;
    }
    const failure: QueryFailure = missed === undefined ? 'RESTART_LIMIT' : 'DATA_LOSS';
    this.logger.error(`${why}; not started again (${failure})`);
    await registry.saveQuery(streamName, { ...record, errorMessage, failure });
  }

  /** What is gone of the topic, in a sentence, or that Kafka is away and does not tell. */
  private async missedBy(
    spark: SparkSession,
    { topic }: AskedStream,
    plan: StreamingQueryPlan,
  ): Promise<{ readonly missed?: string; readonly isAway: boolean }> {
    if (plan.kind !== 'events') return { isAway: false };
    try {
      const gaps = await this.parts.checkpoints.check(spark, plan, topic);
      return gaps.length === 0 ? { isAway: false } : { missed: gapsSentence(gaps), isAway: false };
    } catch (error) {
      if (isSessionGone(error) || isSparkUnreachable(error)) throw error;
      this.logger.warn(`Whether ${plan.name} has missed messages is not known: ${summaryOf(error)}`);
      return { isAway: isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE' };
    }
  }

  private async restart(spark: SparkSession, stream: AskedStream, plan: StreamingQueryPlan): Promise<void> {
    const known = endedOf(stream, plan);
    if ((known?.failure ?? null) !== null) return;
    if (!this.parts.restarts.mayStart(plan.name, this.parts.now())) return;
    try {
      await this.run(spark, { ...stream, queries: known ? [known] : [] }, plan, restartsAfter(known));
    } catch (error) {
      if (isSessionGone(error) || isSparkUnreachable(error)) throw error;
      const errorMessage = summaryOf(error);
      const ended = { ...known, isActive: false, errorMessage, updateTime: this.parts.now() };
      await this.failed(spark, stream, plan, {
        ...neverRun(this.parts.runner, plan, stream.topic),
        ...ended,
      });
    }
  }

  private async run(
    spark: SparkSession,
    stream: AskedStream,
    plan: StreamingQueryPlan,
    restarts: number,
  ): Promise<void> {
    const { registry, runner, streamName, now } = this.parts;
    const checkpoint = await this.checkpointOf(plan, stream);
    const query = await runner.start(spark, plan, { ...stream, checkpoint });
    const watched = this.watch(spark, query, plan, stream, checkpoint, restarts);
    const record = watched.record(now(), { isActive: true, statusMessage: 'Started' });
    await registry.saveQuery(streamName, record);
    const facts = { queryId: query.id, runId: query.runId, restarts };
    this.logger.log(facts, `Started query ${plan.name} on ${stream.topic}`);
  }

  private checkpointOf(
    plan: StreamingQueryPlan,
    { topic }: AskedStream,
  ): Promise<CheckpointGeneration | undefined> {
    return plan.kind === 'events' ? this.parts.checkpoints.current(plan, topic) : Promise.resolve(undefined);
  }

  /** @param restarts 0: it was started by somebody's wish, and an earlier error is of no interest. */
  private watch(
    spark: SparkSession,
    query: StreamingQuery,
    plan: StreamingQueryPlan,
    stream: AskedStream,
    checkpoint: CheckpointGeneration | undefined,
    restarts: number,
  ): WatchedQuery {
    const { runner, sources } = this.parts;
    const { topic } = stream;
    const { generation = 1, baseCounts } = checkpoint ?? {};
    const checkpointPath = runner.checkpointPath(plan, topic, generation);
    const known = recordOf(stream, plan);
    const isSame = known?.checkpointPath === checkpointPath;
    const shown = {
      ...{ name: plan.name, checkpointPath, tablePath: runner.tablePath(plan), restarts, generation },
      errorMessage: restarts === 0 ? null : (known?.errorMessage ?? null),
    };
    const earlier = known !== undefined && isSame ? known : NOTHING;
    const watched = new WatchedQuery(
      query,
      { shown, earlier },
      new CountsReader(spark.withSchedulerPool(STREAMING_POOL), checkpointPath, baseCounts),
      () => sources.sourceOf(plan, topic),
    );
    this.watched.set(plan.name, watched);
    return watched;
  }
}
