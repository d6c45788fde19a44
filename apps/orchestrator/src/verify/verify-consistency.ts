import { setTimeout as delay } from 'node:timers/promises';
import { Conflict, ServiceUnavailable } from '@millrace/domain';
import type { ConsistencyBody, StreamedAnalysis, TablePaths } from '@millrace/domain';
import type { AggregateQueryPlan, Pipeline } from '@millrace/pipelines';
import { Injectable } from '@nestjs/common';
import type { SparkSession } from 'spark-connect-js';
import { tableAt, VERSION_DEADLINE_MS } from '../compute/batch-source';
import type { BackgroundTask } from '../control/lifecycle';
import { newestCommits } from '../spark/delta-history';
import { hoursItOutlived } from '../spark/delta-time-travel';
import { asUnavailable } from '../spark/session-errors';
import type { SparkConnection } from '../spark/spark-connection';
import { compareRows, tolerancesOf } from './compare-rows';
import { consumed } from './consumed-version';
import type { Consumed } from './consumed-version';

const POOL = 'batch-pool';
/** Upkeep commits a few times a day; a commit of the sink is among these unless the stream has stood still for weeks. */
const COMMITS_LOOKED_AT = 200;
const WHOLE_VERSION_TIMEOUT_MS = 30_000;
const WHOLE_VERSION_POLL_MS = 500;

/**
 * Recomputes an analysis that the stream keeps as a batch, over exactly the version of the events that the stream has read, and compares
 * every cell. One at a time: it reads all events.
 */
@Injectable()
export class VerifyConsistency implements BackgroundTask {
  private running: Promise<ConsistencyBody> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly connection: Pick<SparkConnection, 'require'>,
    private readonly pipeline: Pipeline,
    private readonly paths: TablePaths,
    private readonly settings: { readonly timeoutMs: number },
  ) {}

  start(): void {
    // Nothing goes on by itself.
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running?.catch(() => undefined);
  }

  /** @throws Conflict where the stream keeps no such table, or one is verified already; ServiceUnavailable without Spark, or after the time limit. */
  async execute(name: StreamedAnalysis): Promise<ConsistencyBody> {
    if (this.running !== undefined) {
      throw new Conflict('Another verification is running: ask again when it has ended');
    }
    const limit = AbortSignal.timeout(this.settings.timeoutMs);
    const signal = AbortSignal.any([limit, this.stopping.signal]);
    this.running = this.verify(name, signal);
    try {
      return await this.running;
    } catch (error) {
      if (!signal.aborted) throw asUnavailable(error);
      const seconds = this.settings.timeoutMs / 1_000;
      throw new ServiceUnavailable(
        limit.aborted
          ? `The verification was given up after ${seconds} s: ask again when fewer batches run`
          : 'The verification was given up: the orchestrator ends',
        { cause: error },
      );
    } finally {
      this.running = undefined;
    }
  }

  private async verify(name: StreamedAnalysis, signal: AbortSignal): Promise<ConsistencyBody> {
    const spark = this.connection.require().withSchedulerPool(POOL);
    const [plan, analysis] = [this.pipeline.streamedAnalyses[name], this.pipeline.analyses[name]];
    if (plan === undefined || analysis === undefined) throw new Error(`No plans for analysis ${name}`);
    const { tableVersion, sourceVersion } = await this.wholeVersion(spark, plan, signal);
    const kept = tableAt(spark, this.paths[plan.table.path], tableVersion);
    const stream = await analysis.finish(kept).collect({ signal });
    const events = tableAt(spark, this.paths[plan.source.path], sourceVersion);
    const batch = await analysis.finish(analysis.aggregate(events)).collect({ signal });
    return {
      ...{ analysis: name, version: sourceVersion, tableVersion },
      ...compareRows(name, { stream, batch }),
      tolerance: { ...tolerancesOf(name) },
    };
  }

  /** Waits, where the last micro-batch ended in the middle of a version, for one that did not. */
  private async wholeVersion(
    spark: SparkSession,
    plan: AggregateQueryPlan,
    signal: AbortSignal,
  ): Promise<{ tableVersion: number; sourceVersion: number }> {
    const deadline = Date.now() + WHOLE_VERSION_TIMEOUT_MS;
    for (;;) {
      const { tableVersion, sourceVersion } = await this.consumedBy(spark, plan, signal);
      if (sourceVersion !== undefined) {
        await this.requireReadable(spark, plan, sourceVersion, signal);
        return { tableVersion, sourceVersion };
      }
      if (Date.now() > deadline) {
        throw new Conflict(
          `The stream is in the middle of reading the events that were there before it, ${plan.name} says nothing that a batch could say yet: ask again later`,
        );
      }
      await delay(WHOLE_VERSION_POLL_MS, undefined, { signal });
    }
  }

  private async consumedBy(
    spark: SparkSession,
    plan: AggregateQueryPlan,
    signal: AbortSignal,
  ): Promise<Consumed> {
    const { name } = plan;
    const path = this.paths[plan.table.path];
    const cure = `start the stream with "analyses": ["${name}"]`;
    const commits = await newestCommits(spark, path, COMMITS_LOOKED_AT, { signal });
    if (commits === undefined) throw new Conflict(`No stream keeps ${name}: ${cure}`);
    const found = consumed(commits);
    if (found === undefined)
      throw new Conflict(`The stream has put nothing into ${name} yet: ask again later, or ${cure}`);
    return found;
  }

  private async requireReadable(
    spark: SparkSession,
    plan: AggregateQueryPlan,
    version: number,
    signal: AbortSignal,
  ): Promise<void> {
    const options = { signal, deadlineMs: VERSION_DEADLINE_MS };
    const hours = await hoursItOutlived(spark, this.paths[plan.source.path], version, options);
    if (hours === undefined) return;
    throw new Conflict(
      `The stream last read version ${version} of the events, which is older than ${hours}: start it with "analyses": ["${plan.name}"] to bring it up to date`,
    );
  }
}
