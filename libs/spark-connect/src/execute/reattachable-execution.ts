import { status } from '@grpc/grpc-js';
import { onAbort } from '../channel/abort-listeners';
import type { ResponseStream } from '../channel/response-stream';
import { RetryState, type RetryPolicy } from '../channel/retry-policy';
import { abortableDelay } from '../channel/retry';
import { GrpcFailure, SilentStream, abortedCall } from '../errors/grpc-failure';
import type { ExecutePlanResponse } from '../generated/spark/connect/base_pb';
import { endsBatch } from './arrow-chunk-fields';
import { isEndOfExecution, isTakenHandle, isUnknownHandle } from './execution-failures';
import type { ExecutionFate } from './action-limits';
import { interruptUntilFound } from './interruption';

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
  /** Does the server answer anything at all? Never rejects. */
  isAnswering(): Promise<boolean>;
  /** Lets a closing session wait for what goes on though nobody reads. */
  inBackground(task: Promise<void>): void;
}

/** Taking over an execution sent by an earlier process: it is reattached to, never executed. */
export interface Adoption {
  /** The last response the earlier process consumed; without it the execution is read from its beginning. */
  readonly lastResponseId?: string | undefined;
  /** What an abort does to the execution; default `interrupt`. */
  readonly onAbort?: 'interrupt' | 'detach' | undefined;
}

export interface ReattachableOptions {
  readonly policy: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** Fires when the channel is closed. */
  readonly closed?: AbortSignal | undefined;
  readonly adopt?: Adoption | undefined;
  /** Somebody else can know the id, and adopt the execution: it was not made up here. */
  readonly isAdoptable: boolean;
}

const PAUSE_AFTER_EMPTY_STREAM_MS = 50;

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
  /** What an abort has set going; never rejects. */
  private interruption: Promise<void> | undefined;
  private interruptFailure: unknown;

  constructor(
    private readonly calls: ExecutionCalls,
    private readonly options: ReattachableOptions,
  ) {
    this.retry = new RetryState(options.policy);
    this.lastResponseId = options.adopt?.lastResponseId;
  }

  /**
   * Every response in order, each once, `result_complete` the last. Leaving the loop early releases the operation, unless it was adopted.
   * Rejects with `GrpcFailure`; after an abort with status CANCELLED.
   */
  async *responses(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    // Heard at once: a reader who pauses between two responses may never ask for the next.
    const stopListening = onAbort(this.options.signal, () => {
      this.interrupt();
    });
    let mayRelease = this.options.adopt === undefined;
    try {
      for (;;) {
        const response = await this.nextResponse();
        const isComplete = response.responseType.case === 'resultComplete';
        if (isComplete) mayRelease = true;
        yield response;
        if (isComplete) return;
        this.releaseData(response);
      }
    } catch (error) {
      mayRelease = this.mayReleaseAfter(error);
      throw error;
    } finally {
      stopListening();
      this.stream?.cancel();
      const isReleased = this.stream === undefined || this.interruption !== undefined;
      if (mayRelease && !isReleased) this.calls.releaseAll();
    }
  }

  /** What an abort has done to the execution, once `responses` has ended; where the server could not be asked, why. */
  get fate(): ExecutionFate {
    if (this.stream === undefined) return { kind: 'never sent' };
    if (this.options.adopt?.onAbort === 'detach') return { kind: 'left running' };
    if (this.interruptFailure === undefined) return { kind: 'interrupted' };
    return { kind: 'out of reach', cause: this.interruptFailure };
  }

  private async nextResponse(): Promise<ExecutePlanResponse> {
    for (;;) {
      if (this.isAborted()) throw await this.aborted();
      try {
        this.stream ??= this.open();
        const response = await this.stream.next();
        if (response !== undefined) return this.received(response);
        await this.continueAfterEnd();
      } catch (error) {
        if (this.isAborted()) throw await this.aborted();
        await this.recover(error);
      }
    }
  }

  /**
   * A release ends what still runs. So it must not follow an error that says nothing about the execution where somebody else may be in
   * charge of it, or come to be: an id that was taken, an adoption that failed, and a server out of reach where the caller has stored
   * the id to adopt the execution when it is back. The server drops what nobody attaches to by itself (`detachedTimeout`).
   */
  private mayReleaseAfter(error: unknown): boolean {
    if (isTakenHandle(error)) return false;
    return !this.options.isAdoptable || isEndOfExecution(error, this.options.policy);
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
    this.retry.reset();
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
    const delayMs = await this.delayBeforeRecovery(isOurs ? asRetryable(error) : error);
    if (delayMs === undefined) throw error;
    await this.pause(delayMs);
    if (this.isAborted()) return;
    if (neverArrived) this.executeAgain();
    else this.reattach();
  }

  /**
   * A quiet execution is none that failed: Spark sends nothing before there is something to tell, not even the headers of the response.
   * Whether the silence is its own or that of a dead server shows another call.
   */
  private async delayBeforeRecovery(error: unknown): Promise<number | undefined> {
    if (!(error instanceof SilentStream) || !(await this.calls.isAnswering())) {
      return this.retry.nextDelayMs(error);
    }
    this.retry.reset();
    return 0;
  }

  private executeAgain(): void {
    this.stream?.cancel();
    this.streamWasEmpty = true;
    this.stream = this.execute();
  }

  /** The plan was sent again because it seemed lost, and then overtook nothing: the server already runs the first one. */
  private arrivedAfterAll(error: unknown): boolean {
    return !this.hasReceived && this.timesSent > 1 && isTakenHandle(error);
  }

  /**
   * Data is released as it is consumed, in whole batches, because a process that continues begins with one. Other responses (progress,
   * metrics) are left to the final release: they are tiny, and a command whose buffer is whole can be adopted from its beginning by
   * another process, which cannot know our last response id.
   */
  private releaseData({ responseId, responseType }: ExecutePlanResponse): void {
    const isData =
      (responseType.case === 'arrowBatch' && endsBatch(responseType.value)) ||
      // Listener events come without end, and nobody adopts them.
      responseType.case === 'streamingQueryListenerEventsResult';
    if (isData) this.calls.releaseUntil(responseId);
  }

  private interrupt(): void {
    this.stream?.cancel();
    if (this.stream === undefined || this.options.adopt?.onAbort === 'detach') return;
    const { calls, hasReceived } = this;
    this.interruption = interruptUntilFound((deadlineMs) => calls.interrupt(deadlineMs), hasReceived).then(
      (failure) => {
        this.interruptFailure = failure;
        calls.releaseAll();
      },
    );
    calls.inBackground(this.interruption);
  }

  private async aborted(): Promise<GrpcFailure> {
    await this.interruption;
    if (this.options.adopt?.onAbort !== 'detach') return abortedCall(this.options.signal);
    const words = 'waiting for the operation was aborted; the operation goes on';
    return new GrpcFailure(status.CANCELLED, words, undefined, undefined, this.options.signal?.reason);
  }
}

function asRetryable(error: unknown): GrpcFailure {
  return new GrpcFailure(status.UNAVAILABLE, 'the plan never arrived', undefined, undefined, error);
}
