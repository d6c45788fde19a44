import { status } from '@grpc/grpc-js';
import type { ResponseStream } from '../channel/response-stream';
import { RetryState, type RetryPolicy } from '../channel/retry-policy';
import { abortableDelay } from '../channel/retry';
import { GrpcFailure, abortedCall } from '../errors/grpc-failure';
import type { ExecutePlanResponse } from '../generated/spark/connect/base_pb';

/** The calls one execution makes; each names the same operation id. */
export interface ExecutionCalls {
  execute(): ResponseStream<ExecutePlanResponse>;
  reattach(lastResponseId: string | undefined): ResponseStream<ExecutePlanResponse>;
  /** Lets the server free its buffer up to a response; in the background, never fails. */
  releaseUntil(responseId: string): void;
  /** Forgets the operation on the server (and ends it if it still runs); in the background, never fails. */
  releaseAll(): void;
  /** Asks the server to cancel the operation; the ids it found. */
  interrupt(deadlineMs: number): Promise<readonly string[]>;
}

export interface ReattachableOptions {
  readonly policy: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** Fires when the channel is closed. */
  readonly closed?: AbortSignal | undefined;
  /** Adopt an execution sent by an earlier process: start by reattaching, never by executing. */
  readonly adopt?: { readonly lastResponseId?: string | undefined } | undefined;
}

const PAUSE_AFTER_EMPTY_STREAM_MS = 50;
/** All that an abort may take where the server cannot be reached: the caller wants to leave. */
const INTERRUPT_LIMIT_MS = 5_000;
const INTERRUPT_RETRY_DELAYS_MS = [0, 50, 100, 200, 400];

/**
 * One execution whose result survives broken connections.
 * Mirrors `ExecutePlanResponseReattachableIterator.scala`: a stream that ends without `result_complete` is continued after the last
 * response received, and the plan is sent again only while nothing has been received and the server says it does not know it.
 */
export class ReattachableExecution {
  private stream: ResponseStream<ExecutePlanResponse> | undefined;
  private lastResponseId: string | undefined;
  private hasReceived = false;
  private timesSent = 0;
  private streamWasEmpty = false;
  private readonly retry: RetryState;

  constructor(
    private readonly calls: ExecutionCalls,
    private readonly options: ReattachableOptions,
  ) {
    this.retry = new RetryState(options.policy);
    this.lastResponseId = options.adopt?.lastResponseId;
  }

  /**
   * Every response in order, each once, `result_complete` the last. Leaving the loop early releases the operation.
   * Rejects with `GrpcFailure`; after an abort with status CANCELLED.
   */
  async *responses(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    try {
      for (;;) {
        const response = await this.nextResponse();
        yield response;
        if (response.responseType.case === 'resultComplete') return;
        this.releaseData(response);
      }
    } finally {
      this.stream?.cancel();
      if (this.stream !== undefined) this.calls.releaseAll();
    }
  }

  private async nextResponse(): Promise<ExecutePlanResponse> {
    for (;;) {
      if (this.isAborted()) throw await this.abort();
      try {
        this.stream ??= this.open();
        const response = await this.stream.next();
        if (response === undefined) await this.continueAfterEnd();
        else return this.received(response);
      } catch (error) {
        if (this.isAborted()) throw await this.abort();
        await this.recover(error);
      }
    }
  }

  private pause(delayMs: number): Promise<void> {
    return abortableDelay(delayMs, this.options.signal, this.options.closed);
  }

  private isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  private open(): ResponseStream<ExecutePlanResponse> {
    this.streamWasEmpty = true;
    return this.options.adopt === undefined ? this.execute() : this.calls.reattach(this.lastResponseId);
  }

  private execute(): ResponseStream<ExecutePlanResponse> {
    this.timesSent += 1;
    return this.calls.execute();
  }

  private received(response: ExecutePlanResponse): ExecutePlanResponse {
    this.hasReceived = true;
    this.streamWasEmpty = false;
    this.lastResponseId = response.responseId;
    this.retry.reset();
    return response;
  }

  /** The server ends streams on purpose (`senderMaxStreamDuration`, `senderMaxStreamSize`): not an error. */
  private async continueAfterEnd(): Promise<void> {
    if (this.streamWasEmpty) await this.pause(PAUSE_AFTER_EMPTY_STREAM_MS);
    this.reattach();
  }

  private reattach(): void {
    this.stream?.cancel();
    this.streamWasEmpty = true;
    this.stream = this.calls.reattach(this.lastResponseId);
  }

  private async recover(error: unknown): Promise<void> {
    const neverArrived = !this.hasReceived && this.options.adopt === undefined && isUnknownHandle(error);
    const isOurs = neverArrived || this.arrivedAfterAll(error);
    const delayMs = this.retry.nextDelayMs(isOurs ? asRetryable(error) : error);
    if (delayMs === undefined) throw error;
    await this.pause(delayMs);
    if (this.isAborted()) return;
    if (neverArrived) this.executeAgain();
    else this.reattach();
  }

  private executeAgain(): void {
    this.stream?.cancel();
    this.streamWasEmpty = true;
    this.stream = this.execute();
  }

  /** The plan was sent again because it seemed lost, and then overtook nothing: the server already runs the first one. */
  private arrivedAfterAll(error: unknown): boolean {
    if (this.hasReceived || this.timesSent < 2) return false;
    return error instanceof GrpcFailure && error.errorClass === 'INVALID_HANDLE.OPERATION_ALREADY_EXISTS';
  }

  /**
   * Data is released as it is consumed. Other responses (progress, metrics) are left to the final release: they are tiny, and a command
   * whose buffer is whole can be adopted from its beginning by another process, which cannot know our last response id.
   */
  private releaseData(response: ExecutePlanResponse): void {
    const { case: kind } = response.responseType;
    // Listener events come without end, and nobody adopts them.
    const isData = kind === 'arrowBatch' || kind === 'streamingQueryListenerEventsResult';
    if (isData) this.calls.releaseUntil(response.responseId);
  }

  private async abort(): Promise<GrpcFailure> {
    this.stream?.cancel();
    if (this.stream !== undefined) await this.interruptUntilFound();
    return abortedCall(this.options.signal);
  }

  /**
   * An interrupt that overtakes the plan finds nothing and the plan then runs unwatched, so before the first response it is repeated.
   * The client's part ends here: on Spark 4.0 a job may still run on for a moment after its operation was canceled.
   */
  private async interruptUntilFound(): Promise<void> {
    const until = Date.now() + INTERRUPT_LIMIT_MS;
    for (const delayMs of this.hasReceived ? [0] : INTERRUPT_RETRY_DELAYS_MS) {
      await abortableDelay(delayMs);
      try {
        if ((await this.calls.interrupt(Math.max(until - Date.now(), 1))).length > 0) return;
      } catch {
        // The caller wants to leave; an unreachable server must not replace his abort by another error.
        return;
      }
    }
  }
}

function isUnknownHandle(error: unknown): boolean {
  if (!(error instanceof GrpcFailure)) return false;
  const errorClass = error.errorClass;
  return (
    errorClass === 'INVALID_HANDLE.OPERATION_NOT_FOUND' || errorClass === 'INVALID_HANDLE.SESSION_NOT_FOUND'
  );
}

function asRetryable(error: unknown): GrpcFailure {
  return new GrpcFailure(status.UNAVAILABLE, 'the plan never arrived', undefined, undefined, error);
}
