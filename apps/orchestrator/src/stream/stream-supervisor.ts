import { Conflict, gapId, StreamAlreadyRunning } from '@millrace/domain';
import type { StreamRecord, StreamRegistry } from '@millrace/domain';
import type { EventQueryPlan, Pipeline, StreamingQueryPlan } from '@millrace/pipelines';
import { Logger } from '@nestjs/common';
import type { SparkSession } from 'spark-connect-js';
import { PeriodicTask } from '../periodic-task';
import { SerialTasks } from '../serial-tasks';
import { asUnavailable, summaryOf } from '../spark/session-errors';
import type { SparkConnection } from '../spark/spark-connection';
import type { Checkpoints } from './checkpoints';
import { gapsSentence } from './checkpoints';
import { stoppedRecord } from './known-query';
import type { SourceWatch } from './source-watch';
import type { StreamQueries } from './stream-queries';
import { failedOf, isSame } from './stream-request';
import type { StreamRequest } from './stream-request';

const POLL_INTERVAL_MS = 2_000;
const LOOK_INTERVAL_MS = 5_000;

export interface SupervisorParts {
  readonly connection: SparkConnection;
  readonly registry: StreamRegistry;
  readonly pipeline: Pipeline;
  readonly checkpoints: Checkpoints;
  readonly sources: SourceWatch;
  readonly queries: StreamQueries;
  readonly now: () => Date;
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
  private readonly looks = new PeriodicTask('Looking at what the streams read', LOOK_INTERVAL_MS, () =>
    this.look(),
  );
  private session: SparkSession | undefined;
  /** False until the first round, and while Spark does not answer: queries may run of which the records know nothing. */
  private isInSight = false;
  /** As the registry had it in the last round. */
  private stream: StreamRecord | undefined;

  constructor(private readonly parts: SupervisorParts) {}

  /** What an operator should see to, in sentences. */
  get warnings(): string[] {
    if (this.stream?.desired !== 'RUNNING') return [];
    return failedOf(this.stream).map(
      (name) =>
        `The streaming query ${name} has failed and is not started again: GET /stream/status says why`,
    );
  }

  watch(): void {
    this.parts.connection.onUpChange((isUp) => {
      if (!isUp) void this.loseSight();
    });
    this.rounds.start();
    this.looks.start();
  }

  /**
   * All queries or none: when one cannot start, those that did are stopped again. Of a stream that shall run already, the queries that
   * had failed for good are started again.
   */
  start(asked: StreamRequest): Promise<{ queryIds: string[] }> {
    const { registry, pipeline, checkpoints, queries, now } = this.parts;
    return this.request(async () => {
      const spark = this.currentSession();
      await checkpoints.requireTopic(asked.topic);
      await this.stopLeftOvers();
      const { topic, analyses, mode } = asked;
      const isNew = await registry.requestStart(pipeline.name, topic, now(), analyses, mode);
      const stream = await this.requireStream();
      if (!isNew && !(failedOf(stream).length > 0 && isSame(stream, asked)))
        throw new StreamAlreadyRunning(stream.topic);
      try {
        await this.startDue(spark, stream, isNew);
      } catch (error) {
        if (isNew) await this.takeBack();
        throw error;
      }
      return { queryIds: queries.ids };
    });
  }

  /**
   * Gives up messages that are gone, and goes on behind them where the stream shall run.
   * @param acceptGaps Their names, all of them.
   * @throws Conflict when other gaps are there, or none.
   */
  continueBehind(acceptGaps: readonly string[]): Promise<{ accepted: string[]; queryIds: string[] }> {
    const { checkpoints, queries } = this.parts;
    return this.request(async () => {
      const spark = this.currentSession();
      const stream = await this.requireStream();
      const plan = this.eventPlan();
      await queries.takeUp(spark, stream, plan);
      if (queries.isWatched(plan))
        throw new Conflict('The stream reads its topic: there is no gap to accept');
      const gaps = await checkpoints.acceptGaps(spark, plan, stream.topic, acceptGaps);
      this.logger.warn(`Messages were given up by request: ${gaps.map(gapId).join(', ')}`);
      if (stream.desired === 'RUNNING') await queries.start(spark, stream, plan);
      return { accepted: gaps.map(gapId), queryIds: queries.ids };
    });
  }

  /** Waits for the micro-batches that run, then stops. What cannot be stopped now is stopped by a later round. */
  stop(): Promise<{ queriesStopped: number }> {
    const { registry, pipeline, connection } = this.parts;
    return this.request(async () => {
      await registry.requestStop(pipeline.name);
      const stream = await registry.find(pipeline.name);
      if (stream === undefined) return { queriesStopped: 0 };
      if (connection.isUp) return { queriesStopped: await this.stopStream(stream) };
      await this.noteStopped(stream.name);
      return { queriesStopped: 0 };
    });
  }

  /** Ends the rounds and stops the queries; the registry keeps saying RUNNING unless `forGood`. */
  async drain(options: { forGood: boolean }): Promise<{ queriesStopped: number }> {
    const { registry, pipeline, connection, queries } = this.parts;
    await Promise.all([this.rounds.stop(), this.looks.stop()]);
    return this.tasks.run(async () => {
      if (options.forGood) await registry.requestStop(pipeline.name);
      return { queriesStopped: connection.isUp ? await queries.stopAll() : 0 };
    });
  }

  /** One at a time; where Spark was lost meanwhile, the caller is told so. */
  private request<T>(work: () => Promise<T>): Promise<T> {
    return this.tasks.run(async () => {
      try {
        return await work();
      } catch (error) {
        throw asUnavailable(error);
      }
    });
  }

  private async round(): Promise<void> {
    const { registry, pipeline, connection } = this.parts;
    if (!connection.isUp) return;
    const stream = await registry.find(pipeline.name);
    this.stream = stream;
    const mayRun = !this.isInSight || stream?.queries.some(({ isActive }) => isActive) === true;
    // Before the work: a loss of sight meanwhile must stay.
    this.isInSight = true;
    try {
      if (stream?.desired === 'RUNNING') await this.keepRunning(stream);
      else if (stream !== undefined && mayRun) await this.stopStream(stream);
    } catch (error) {
      this.isInSight = false;
      throw error;
    }
  }

  /** At once: a round that waits for an answer of Spark may wait for long. */
  private async loseSight(): Promise<void> {
    this.isInSight = false;
    await this.parts.queries.loseSight().catch((failure: unknown) => {
      this.logger.warn(`That Spark does not answer could not be recorded: ${summaryOf(failure)}`);
    });
  }

  private async look(): Promise<void> {
    if (this.stream?.desired !== 'RUNNING' || !this.parts.connection.isUp) return;
    const { topic, analyses } = this.stream;
    await this.parts.sources.look(this.parts.connection.require(), topic, this.plansOf(analyses));
  }

  private async keepRunning(stream: StreamRecord): Promise<void> {
    const { queries, registry } = this.parts;
    const spark = this.currentSession();
    for (const plan of this.plansOf(stream.analyses)) {
      await queries.stopOtherMode(spark, stream, plan);
      await queries.takeUp(spark, stream, plan);
    }
    const due = this.dueOf(stream);
    for (const plan of due) await queries.tend(spark, stream, plan);
    if (due.length > 0) return;
    await registry.requestStop(stream.name);
    this.logger.log(`The stream on ${stream.topic} has processed what was there, and is stopped`);
  }

  /** What Spark runs of a stream that was stopped while it did not answer. */
  private async stopLeftOvers(): Promise<void> {
    const stream = await this.parts.registry.find(this.parts.pipeline.name);
    if (stream?.desired === 'STOPPED' && !this.isInSight) await this.stopStream(stream);
  }

  private async stopStream(stream: StreamRecord): Promise<number> {
    const { queries } = this.parts;
    const spark = this.currentSession();
    for (const plan of this.plansOf(stream.analyses)) await queries.takeUp(spark, stream, plan);
    const stopped = await queries.stopAll();
    await this.noteStopped(stream.name);
    return stopped;
  }

  /** Of queries that are not in the session: they ended with an earlier one, or Spark does not answer. */
  private async noteStopped(streamName: string): Promise<void> {
    const { registry, now } = this.parts;
    for (const query of (await registry.find(streamName))?.queries ?? []) {
      const record = stoppedRecord(query);
      if (record !== undefined) await registry.saveQuery(streamName, { ...record, updateTime: now() });
    }
  }

  /** What a stream with these analyses runs; one that this version does not know any more is left out. */
  private plansOf(analyses: readonly string[]): StreamingQueryPlan[] {
    const { queries, streamedAnalyses } = this.parts.pipeline;
    return [...queries, ...analyses.flatMap((name) => streamedAnalyses[name] ?? [])];
  }

  /** To be looked after now. Draining, what reads the events waits until they are all stored; nothing is due when all is done. */
  private dueOf(stream: StreamRecord): StreamingQueryPlan[] {
    const plans = this.plansOf(stream.analyses);
    if (stream.mode === 'continuous') return plans;
    const left = plans.filter((plan) => !this.parts.queries.isDrained(plan));
    const events = left.filter(({ kind }) => kind === 'events');
    return events.length > 0 ? events : left;
  }

  private async startDue(spark: SparkSession, stream: StreamRecord, isNew: boolean): Promise<void> {
    const { queries } = this.parts;
    const plans = this.plansOf(stream.analyses);
    if (isNew && stream.mode === 'drain') await queries.prepare(spark, stream, plans);
    for (const plan of this.toStart(stream, isNew)) {
      await this.requireNoGap(spark, stream, plan);
      await queries.start(spark, stream, plan);
    }
    if (isNew) await queries.forgive(stream, plans);
  }

  private toStart(stream: StreamRecord, isNew: boolean): StreamingQueryPlan[] {
    if (isNew) this.parts.queries.forgetDrained();
    const failed = failedOf(stream);
    return this.dueOf(stream).filter(({ name }) => isNew || failed.includes(name));
  }

  private eventPlan(): EventQueryPlan {
    const plan = this.parts.pipeline.queries.find(({ kind }) => kind === 'events');
    if (plan?.kind !== 'events') throw new Error(`${this.parts.pipeline.name} reads no topic`);
    return plan;
  }

  private async requireNoGap(
    spark: SparkSession,
    { topic }: StreamRecord,
    plan: StreamingQueryPlan,
  ): Promise<void> {
    if (plan.kind !== 'events') return;
    const gaps = await this.parts.checkpoints.check(spark, plan, topic);
    if (gaps.length > 0) throw new Conflict(gapsSentence(gaps));
  }

  private async requireStream(): Promise<StreamRecord> {
    const stream = await this.parts.registry.find(this.parts.pipeline.name);
    if (stream === undefined) throw new Conflict('The stream was never started');
    return stream;
  }

  /** A start that failed. What cannot be stopped now is stopped by a later round; the caller must learn why the start failed. */
  private async takeBack(): Promise<void> {
    await this.parts.registry.requestStop(this.parts.pipeline.name);
    await this.parts.queries.stopAll().catch((failure: unknown) => {
      this.logger.warn(`Stopping what had started failed: ${summaryOf(failure)}`);
    });
  }

  /** Queries die with their session: what was watched in an earlier one is forgotten. */
  private currentSession(): SparkSession {
    const session = this.parts.connection.require();
    if (session !== this.session) this.parts.queries.forgetSession();
    this.session = session;
    return session;
  }
}
