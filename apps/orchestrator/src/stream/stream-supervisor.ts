import { StreamAlreadyRunning } from '@millrace/domain';
import type { StreamQueryRecord, StreamRecord, StreamRegistry } from '@millrace/domain';
import type { Pipeline, StreamingQueryPlan } from '@millrace/pipelines';
import { Logger } from '@nestjs/common';
import type { SparkSession, StreamingQuery } from 'spark-connect-js';
import { PeriodicTask } from '../periodic-task';
import { SerialTasks } from '../serial-tasks';
import type { SparkConnection } from '../spark/spark-connection';
import { isSessionGone, isSparkUnreachable, summaryOf } from '../spark/session-errors';
import type { QueryRunner } from './query-runner';
import { restartDelayMs } from './restart-policy';
import { stopAfterMicroBatch } from './stop-query';
import { WatchedQuery } from './watched-query';

const POLL_INTERVAL_MS = 2_000;

/** Failures of a query since it last made progress. */
interface Failures {
  readonly count: number;
  readonly notBefore: Date;
}

/**
 * Keeps the queries of a stream running as long as the registry says RUNNING: takes them up after a restart of this
 * process (same session), starts them again from their checkpoints after a restart of Spark or a failure, and writes
 * what it sees to the registry, where the gateway reads it. Requests and rounds run one after the other.
 */
export class StreamSupervisor {
  private readonly logger = new Logger(StreamSupervisor.name);
  private readonly tasks = new SerialTasks();
  private readonly rounds = new PeriodicTask('Looking after the streams', POLL_INTERVAL_MS, () =>
    this.tasks.run(() => this.round()),
  );
  private readonly watched = new Map<string, WatchedQuery>();
  private readonly failures = new Map<string, Failures>();
  private session: SparkSession | undefined;

  constructor(
    private readonly connection: SparkConnection,
    private readonly registry: StreamRegistry,
    private readonly pipeline: Pipeline,
    private readonly runner: QueryRunner,
    private readonly now: () => Date = () => new Date(),
  ) {}

  watch(): void {
    this.rounds.start();
  }

  /** All queries or none: when one cannot start, those that did are stopped again. */
  start(topic: string): Promise<{ queryIds: string[] }> {
    return this.tasks.run(async () => {
      const spark = this.currentSession();
      if (!(await this.registry.requestStart(this.pipeline.name, topic, this.now()))) {
        const current = await this.registry.find(this.pipeline.name);
        throw new StreamAlreadyRunning(current?.topic ?? topic);
      }
      try {
        for (const plan of this.pipeline.queries) await this.startQuery(spark, plan, topic, undefined);
      } catch (error) {
        await this.registry.requestStop(this.pipeline.name);
        // What cannot be stopped now is stopped by a later round; the caller must learn why the start failed.
        await this.stopQueries().catch((failure: unknown) => {
          this.logger.warn(`Stopping what had started failed: ${summaryOf(failure)}`);
        });
        throw error;
      }
      return { queryIds: [...this.watched.values()].map(({ query }) => query.id) };
    });
  }

  /** Waits for the micro-batches that run, then stops. What cannot be stopped now is stopped by a later round. */
  stop(): Promise<{ queriesStopped: number }> {
    return this.tasks.run(async () => {
      await this.registry.requestStop(this.pipeline.name);
      const stream = await this.registry.find(this.pipeline.name);
      if (stream === undefined || !this.connection.isUp) return { queriesStopped: 0 };
      return { queriesStopped: await this.stopStream(stream) };
    });
  }

  /** Ends the rounds and stops the queries; the registry keeps saying RUNNING unless `forGood`. */
  async drain(options: { forGood: boolean }): Promise<{ queriesStopped: number }> {
    await this.rounds.stop();
    return this.tasks.run(async () => {
      if (options.forGood) await this.registry.requestStop(this.pipeline.name);
      return { queriesStopped: this.connection.isUp ? await this.stopQueries() : 0 };
    });
  }

  private async round(): Promise<void> {
    if (!this.connection.isUp) return;
    const stream = await this.registry.find(this.pipeline.name);
    if (stream?.desired === 'RUNNING') await this.keepRunning(stream);
    else if (stream?.queries.some(({ isActive }) => isActive)) await this.stopStream(stream);
  }

  private async keepRunning(stream: StreamRecord): Promise<void> {
    const spark = this.currentSession();
    await this.takeUp(spark, stream);
    for (const plan of this.pipeline.queries) await this.tend(spark, stream, plan);
  }

  private async stopStream(stream: StreamRecord): Promise<number> {
    await this.takeUp(this.currentSession(), stream);
    const stopped = await this.stopQueries();
    const { queries } = (await this.registry.find(stream.name)) ?? stream;
    // Not in the session any more: they ended with an earlier one.
    for (const query of queries.filter(({ isActive }) => isActive)) {
      await this.registry.saveQuery(stream.name, { ...query, isActive: false, updateTime: this.now() });
    }
    return stopped;
  }

  /** Queries die with their session: what was watched in an earlier one is forgotten. */
  private currentSession(): SparkSession {
    const session = this.connection.require();
    if (session !== this.session) this.watched.clear();
    this.session = session;
    return session;
  }

  /** After a restart of this process: queries that the session still runs. */
  private async takeUp(spark: SparkSession, stream: StreamRecord): Promise<void> {
    for (const plan of this.pipeline.queries) {
      if (this.watched.has(plan.name)) continue;
      const record = stream.queries.find((query) => query.name === plan.name);
      const query = await this.runner.find(spark, plan, record);
      if (query === undefined) continue;
      const earlier = record ?? { restarts: 0, errorMessage: null };
      this.watched.set(plan.name, this.watchedQuery(query, plan, stream.topic, earlier));
      this.logger.log({ queryId: query.id }, `Took up the running query ${plan.name}`);
    }
  }

  private async tend(spark: SparkSession, stream: StreamRecord, plan: StreamingQueryPlan): Promise<void> {
    const watched = this.watched.get(plan.name);
    if (watched === undefined) {
      await this.restart(spark, stream, plan);
      return;
    }
    const record = await watched.poll(this.now());
    await this.registry.saveQuery(stream.name, record);
    if (!record.isActive) this.giveUp(plan, record);
    else if (watched.hasProgressed) this.failures.delete(plan.name);
  }

  private giveUp(plan: StreamingQueryPlan, record: StreamQueryRecord): void {
    this.watched.delete(plan.name);
    const delayMs = this.backOff(plan);
    this.logger.warn(
      `Query ${plan.name} ended: ${record.errorMessage ?? 'no error given'}; started again in ${delayMs} ms`,
    );
  }

  /** Counts a failure; the count is forgotten when the query has made progress again. */
  private backOff(plan: StreamingQueryPlan): number {
    const count = this.failures.get(plan.name)?.count ?? 0;
    const delayMs = restartDelayMs(count);
    this.failures.set(plan.name, { count: count + 1, notBefore: new Date(this.now().getTime() + delayMs) });
    return delayMs;
  }

  private async restart(spark: SparkSession, stream: StreamRecord, plan: StreamingQueryPlan): Promise<void> {
    const known = stream.queries.find((query) => query.name === plan.name);
    const failure = this.failures.get(plan.name);
    if (failure !== undefined && failure.notBefore > this.now()) return;
    try {
      await this.startQuery(spark, plan, stream.topic, known);
    } catch (error) {
      if (isSessionGone(error) || isSparkUnreachable(error)) throw error;
      this.backOff(plan);
      await this.recordFailedStart(stream, plan, known, error);
    }
  }

  private async recordFailedStart(
    stream: StreamRecord,
    plan: StreamingQueryPlan,
    known: StreamQueryRecord | undefined,
    error: unknown,
  ): Promise<void> {
    const errorMessage = summaryOf(error);
    this.logger.error(`Query ${plan.name} could not start: ${errorMessage}`);
    if (known === undefined) return;
    await this.registry.saveQuery(stream.name, {
      ...known,
      isActive: false,
      errorMessage,
      updateTime: this.now(),
    });
  }

  /** @param earlier What is known of the query's last run: it is a restart then, and its error stays visible. */
  private async startQuery(
    spark: SparkSession,
    plan: StreamingQueryPlan,
    topic: string,
    earlier: StreamQueryRecord | undefined,
  ): Promise<void> {
    const query = await this.runner.start(spark, plan, topic);
    const restarts = earlier === undefined ? 0 : earlier.restarts + 1;
    const watched = this.watchedQuery(query, plan, topic, {
      restarts,
      errorMessage: earlier?.errorMessage ?? null,
    });
    this.watched.set(plan.name, watched);
    const record = watched.record(this.now(), { isActive: true, statusMessage: 'Started' });
    await this.registry.saveQuery(this.pipeline.name, record);
    const facts = { queryId: query.id, runId: query.runId, restarts };
    this.logger.log(facts, `Started query ${plan.name} on ${topic}`);
  }

  private watchedQuery(
    query: StreamingQuery,
    plan: StreamingQueryPlan,
    topic: string,
    earlier: Pick<StreamQueryRecord, 'restarts' | 'errorMessage'>,
  ): WatchedQuery {
    const checkpointPath = this.runner.checkpointPath(plan, topic);
    const { restarts, errorMessage } = earlier;
    return new WatchedQuery(query, {
      ...{ name: plan.name, checkpointPath, tablePath: this.runner.tablePath(plan) },
      ...{ restarts, errorMessage },
    });
  }

  private async stopQueries(): Promise<number> {
    const entries = [...this.watched.values()];
    this.watched.clear();
    this.failures.clear();
    await Promise.all(
      entries.map(async (watched) => {
        await stopAfterMicroBatch(watched.query);
        const record = await watched.poll(this.now());
        await this.registry.saveQuery(this.pipeline.name, { ...record, isActive: false });
      }),
    );
    return entries.length;
  }
}
