import type { RowObject } from '../types/row';

/** One Spark stage of a running execution. */
export interface StageProgress {
  readonly stageId: number;
  readonly numTasks: number;
  readonly numCompletedTasks: number;
  readonly inputBytesRead: number;
  readonly done: boolean;
}

/** What the server reports about a running execution, by default every two seconds. */
export interface ExecutionProgress {
  readonly operationId: string;
  readonly stages: readonly StageProgress[];
  readonly numInflightTasks: number;
}

/** The values of one `DataFrame.observe(name, ...)`, by column name. */
export interface ObservedMetrics {
  readonly name: string;
  readonly values: RowObject;
}

/** Options of every action (collect, count, save, sql, ...). */
export interface ActionOptions {
  /**
   * On abort the operation is interrupted on the server by its id, at once, also while a reader pauses between two rows, and then
   * released; rejects with `OperationCanceledError`.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * A UUID made by the caller, so that it can be stored BEFORE the call is sent and `spark.reattach` can adopt the execution later.
   * An id must be used once only: Spark 4.0 runs a released id again, and one that still runs is `OperationAlreadyExistsError`.
   *
   * An execution with an id of yours is left alone when the server cannot be reached (`ConnectionUnavailableError`): it may run on there, to
   * be adopted when the server is back; if nobody does, the server drops it after `spark.connect.execute.manager.detachedTimeout`.
   * Without one nobody could adopt it, and it is released.
   */
  readonly operationId?: string | undefined;
  /** What it returns is not waited for; its failure, also a rejected promise, becomes a warning of the process. */
  readonly onProgress?: ((progress: ExecutionProgress) => unknown) | undefined;
  /** As `onProgress`. */
  readonly onObservedMetrics?: ((metrics: ObservedMetrics) => unknown) | undefined;
  /**
   * Called with a response id each time a batch of rows has been consumed, which is when the reader asks for the next one. Another process
   * continues after it: `spark.reattach(operationId, { lastResponseId })`. Awaited before the server forgets those rows, so what it stores
   * durably is never behind; a failure of it ends the action.
   */
  readonly onConsumed?: ((lastResponseId: string) => void | Promise<void>) | undefined;
  /** Operation tags for `interruptTag`; non-empty, no comma. Never use them on streaming commands. */
  readonly tags?: readonly string[] | undefined;
  /** Upper bound of the whole action in milliseconds; on expiry it is interrupted and rejects with `DeadlineExceededError`. */
  readonly deadlineMs?: number | undefined;
}

/** Options of the calls that are answered at once (analysis, conf, interrupt, ...). */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bound of the call including its retries, in milliseconds. */
  readonly deadlineMs?: number | undefined;
}
