import { setTimeout as delay } from 'node:timers/promises';
import { ProtocolError, StreamingQueryError } from '../errors/spark-connect-error';
import type { ActionOptions, CallOptions } from '../execute/action-options';
import type { StreamingQueryCommandResult } from '../generated/spark/connect/commands_pb';
import { valueIf, type CaseOf, type ValueOf } from '../plan/one-of';
import { commandPlan, type CommandType } from '../plan/relation';
import { executePlain } from '../session/plan-execution';
import { runForResponses } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { parseStreamingQueryProgress, type StreamingQueryProgress } from './progress';

/** What a query is doing now. */
export interface StreamingQueryStatus {
  readonly message: string;
  readonly isDataAvailable: boolean;
  readonly isTriggerActive: boolean;
  readonly isActive: boolean;
}

/** How long, and how often, to ask whether a query has ended. */
export interface AwaitTerminationOptions {
  /** Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Default 500 ms. */
  readonly pollMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which run of which query: `id` survives a restart from the same checkpoint, `runId` does not. */
export interface StreamingQueryIdentity {
  readonly id: string;
  readonly runId: string;
  readonly name?: string | undefined;
}

type CommandInit = NonNullable<Extract<CommandType, { case: 'streamingQueryCommand' }>['value']['command']>;
type ResultType = StreamingQueryCommandResult['resultType'];

/**
 * A handle on one run of a streaming query. The query lives in the server's session: it goes on when this process ends, and it can only
 * be asked about from the same session.
 */
export class StreamingQuery implements StreamingQueryIdentity {
  readonly id: string;
  readonly runId: string;
  readonly name: string | undefined;

  constructor(
    private readonly client: SparkConnectClient,
    identity: StreamingQueryIdentity,
  ) {
    this.id = identity.id;
    this.runId = identity.runId;
    this.name = identity.name;
  }

  async status(options: CallOptions = {}): Promise<StreamingQueryStatus> {
    const { statusMessage, isDataAvailable, isTriggerActive, isActive } = await this.ask(
      { case: 'status', value: true },
      'status',
      options,
    );
    return { message: statusMessage, isDataAvailable, isTriggerActive, isActive };
  }

  /** The newest report; undefined before the first. */
  async lastProgress(options: CallOptions = {}): Promise<StreamingQueryProgress | undefined> {
    const { recentProgressJson } = await this.ask(
      { case: 'lastProgress', value: true },
      'recentProgress',
      options,
    );
    const [newest] = recentProgressJson;
    return newest === undefined ? undefined : parseStreamingQueryProgress(newest);
  }

  /** Oldest first; the server keeps `spark.sql.streaming.numRecentProgressUpdates` (100). */
  async recentProgress(options: CallOptions = {}): Promise<StreamingQueryProgress[]> {
    const { recentProgressJson } = await this.ask(
      { case: 'recentProgress', value: true },
      'recentProgress',
      options,
    );
    return recentProgressJson.map(parseStreamingQueryProgress);
  }

  /** Why the query ended; undefined while it runs and after a regular stop. */
  async exception(options: CallOptions = {}): Promise<StreamingQueryError | undefined> {
    // `true` returns the exception; `false` would make the server throw it. Without one the answer is left empty.
    const result = await this.askOptional({ case: 'exception', value: true }, 'exception', options);
    if (result?.exceptionMessage === undefined) return undefined;
    return new StreamingQueryError(result.exceptionMessage, {
      errorClass: result.errorClass,
      serverStack: result.stackTrace,
      sessionId: this.client.parts.identity.sessionId,
    });
  }

  async explain(extended = false, options: CallOptions = {}): Promise<string> {
    return (await this.ask({ case: 'explain', value: { extended } }, 'explain', options)).result;
  }

  /**
   * Ends the query now: the running micro-batch is interrupted, and done again by the next start from the same checkpoint.
   * Waits up to the server's `spark.sql.streaming.stopTimeout`.
   */
  async stop(options: ActionOptions = {}): Promise<void> {
    await this.command({ case: 'stop', value: true }, options);
  }

  /** Waits until everything available now is processed. Under steady input it may never return: give a deadline. */
  async processAllAvailable(options: ActionOptions = {}): Promise<void> {
    await this.command({ case: 'processAllAvailable', value: true }, options);
  }

  /**
   * Asks until the query has ended: true then, false after `timeoutMs` (or an abort).
   * @throws StreamingQueryError when it ended by a failure.
   */
  async awaitTermination(options: AwaitTerminationOptions = {}): Promise<boolean> {
    const until = Date.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
    const pollMs = options.pollMs ?? 500;
    for (;;) {
      if (!(await this.status()).isActive) {
        const failure = await this.exception();
        if (failure !== undefined) throw failure;
        return true;
      }
      if (options.signal?.aborted === true || Date.now() >= until) return false;
      await delay(Math.min(pollMs, Math.max(until - Date.now(), 0)));
    }
  }

  private async ask<Case extends CaseOf<ResultType>>(
    command: CommandInit,
    wanted: Case,
    options: CallOptions,
  ): Promise<ValueOf<ResultType, Case>> {
    const value = await this.askOptional(command, wanted, options);
    if (value === undefined) throw new ProtocolError(`a streaming query did not answer with its ${wanted}`);
    return value;
  }

  /** Reads: plain and untagged executions, because the tags of a poll would become tags of the query. */
  private async askOptional<Case extends CaseOf<ResultType>>(
    command: CommandInit,
    wanted: Case,
    options: CallOptions,
  ): Promise<ValueOf<ResultType, Case> | undefined> {
    for (const { responseType } of await executePlain(this.client, this.plan(command), options)) {
      const result = valueIf(responseType, 'streamingQueryCommandResult');
      const value = result === undefined ? undefined : valueIf(result.resultType, wanted);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  private async command(command: CommandInit, options: ActionOptions): Promise<void> {
    await runForResponses(this.client, this.plan(command), { ...options, tags: [] }, 'resultComplete');
  }

  private plan(command: CommandInit) {
    const queryId = { id: this.id, runId: this.runId };
    return commandPlan({ case: 'streamingQueryCommand', value: { queryId, command } });
  }
}
