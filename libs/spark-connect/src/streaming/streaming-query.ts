import { ProtocolError, StreamingQueryError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';
import type { StreamingQueryCommandResult } from '../generated/spark/connect/commands_pb';
import { valueIf, type CaseOf, type ValueOf } from '../plan/one-of';
import { commandPlan, type CommandType } from '../plan/relation';
import { executePlain } from '../session/plan-execution';
import { runForResponses } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { causeOfStackTrace } from './jvm-causes';
import { parseStreamingQueryProgress, type StreamingQueryProgress } from './progress';
import { refuseTags, type StreamingCommandOptions } from './streaming-command';
import { pollUntilEnded, type AwaitTerminationOptions } from './waiting';

/** What a query is doing now. */
export interface StreamingQueryStatus {
  /** Spark's sentence, e.g. `Waiting for data to arrive`. */
  readonly message: string;
  readonly isDataAvailable: boolean;
  /** A micro-batch is under way (also while it is only looking for data); always false with a continuous trigger. */
  readonly isTriggerActive: boolean;
  /** The run has neither ended nor failed. */
  readonly isActive: boolean;
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
 * be asked about from the same session. Mirrors `org.apache.spark.sql.streaming.StreamingQuery`.
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

  /** What the query is doing now. */
  async status(options: CallOptions = {}): Promise<StreamingQueryStatus> {
    const { statusMessage, isDataAvailable, isTriggerActive, isActive } = await this.ask(
      { case: 'status', value: true },
      'status',
      options,
    );
    return { message: statusMessage, isDataAvailable, isTriggerActive, isActive };
  }

  /** Has the run neither ended nor failed? */
  async isActive(options: CallOptions = {}): Promise<boolean> {
    return (await this.status(options)).isActive;
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

  /**
   * Why the query ended, with the causes the server's stack trace names; undefined while it runs and after a regular end.
   * The class of the error itself is always `STREAM_FAILED`: what went wrong is the class of its last cause.
   */
  async exception(options: CallOptions = {}): Promise<StreamingQueryError | undefined> {
    // `true` returns the exception; `false` would make the server throw it. Without one the answer is left empty.
    const result = await this.askOptional({ case: 'exception', value: true }, 'exception', options);
    if (result?.exceptionMessage === undefined) return undefined;
    return new StreamingQueryError(result.exceptionMessage, {
      errorClass: result.errorClass,
      serverStack: result.stackTrace,
      cause: causeOfStackTrace(result.stackTrace ?? ''),
      sessionId: this.client.parts.identity.sessionId,
    });
  }

  /** The physical plan of the last micro-batch as text, with the logical plans before it when `extended`. */
  async explain(extended = false, options: CallOptions = {}): Promise<string> {
    return (await this.ask({ case: 'explain', value: { extended } }, 'explain', options)).result;
  }

  /**
   * Ends the query now: the running micro-batch is interrupted, and done again by the next start from the same checkpoint.
   * The server waits for its thread up to `spark.sql.streaming.stopTimeout` (by default without limit): give a deadline. Stopping a query
   * that has ended is no error.
   * @throws TypeError when there are tags.
   */
  async stop(options: StreamingCommandOptions = {}): Promise<void> {
    await this.command({ case: 'stop', value: true }, options);
  }

  /** Waits until everything available now is processed. Under steady input it may never return: give a deadline. @throws TypeError when there are tags. */
  async processAllAvailable(options: StreamingCommandOptions = {}): Promise<void> {
    await this.command({ case: 'processAllAvailable', value: true }, options);
  }

  /**
   * Asks until the query has ended: true then, false after `timeoutMs`. Asked from this side, as the server would hold an execution for as
   * long as it waits. A server that cannot be reached is asked again for as long as the retry policy goes on (by default ten minutes).
   * @throws StreamingQueryError when it ended by a failure.
   * @throws OperationCanceledError when the signal fires first.
   */
  awaitTermination(options: AwaitTerminationOptions = {}): Promise<boolean> {
    return pollUntilEnded(this.client, options, async (call) => {
      if (await this.isActive(call)) return false;
      const failure = await this.exception(call);
      if (failure !== undefined) throw failure;
      return true;
    });
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

  private async command(command: CommandInit, options: StreamingCommandOptions): Promise<void> {
    refuseTags(options);
    await runForResponses(this.client, this.plan(command), options, 'resultComplete');
  }

  private plan(command: CommandInit) {
    const queryId = { id: this.id, runId: this.runId };
    return commandPlan({ case: 'streamingQueryCommand', value: { queryId, command } });
  }
}
