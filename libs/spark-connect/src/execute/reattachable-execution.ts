import { status } from '@grpc/grpc-js';
import type { ResponseStream } from '../channel/grpc-channel';
import { RetryState, type RetryPolicy } from '../channel/retry-policy';
import { abortableDelay } from '../channel/retry';
import { GrpcFailure } from '../errors/grpc-failure';
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
  interrupt(): Promise<readonly string[]>;
}

export interface ReattachableOptions {
  readonly policy: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** A stream that says nothing for so long is taken for dead and replaced by a reattach. */
  readonly idleTimeoutMs: number;
  /** Adopt an execution sent by an earlier process: start by reattaching, never by executing. */
  readonly adopt?: { readonly lastResponseId?: string | undefined } | undefined;
}

const PAUSE_AFTER_EMPTY_STREAM_MS = 50;
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
    const { signal } = this.options;
    const cancelStream = (): void => this.stream?.cancel();
    signal?.addEventListener('abort', cancelStream, { once: true });
    try {
      for (;;) {
        const response = await this.nextResponse();
        yield response;
        if (response.responseType.case === 'resultComplete') return;
        this.releaseData(response);
      }
    } finally {
      signal?.removeEventListener('abort', cancelStream);
      this.stream?.cancel();
      if (this.stream !== undefined) this.calls.releaseAll();
    }
  }

  private async nextResponse(): Promise<ExecutePlanResponse> {
    for (;;) {
      if (this.isAborted()) throw await this.abort();
      try {
        this.stream ??= this.open();
        const response = await nextWithin(this.stream, this.options.idleTimeoutMs);
        if (response === undefined) await this.continueAfterEnd();
        else return this.received(response);
      } catch (error) {
        if (this.isAborted()) throw await this.abort();
        await this.recover(error);
      }
    }
  }

  private isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  private open(): ResponseStream<ExecutePlanResponse> {
    this.streamWasEmpty = true;
    return this.options.adopt === undefined ? this.calls.execute() : this.calls.reattach(this.lastResponseId);
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
    if (this.streamWasEmpty) await abortableDelay(PAUSE_AFTER_EMPTY_STREAM_MS, this.options.signal);
    this.reattach();
  }

  private reattach(): void {
    this.stream?.cancel();
    this.streamWasEmpty = true;
    this.stream = this.calls.reattach(this.lastResponseId);
  }

  private async recover(error: unknown): Promise<void> {
    const neverArrived = !this.hasReceived && this.options.adopt === undefined && isUnknownHandle(error);
    const delayMs = this.retry.nextDelayMs(neverArrived ? asRetryable(error) : error);
    if (delayMs === undefined) throw error;
    await abortableDelay(delayMs, this.options.signal);
    if (this.isAborted()) return;
    if (!neverArrived) this.reattach();
    else this.stream = this.calls.execute();
  }

  /**
   * Data is released as it is consumed. Other responses (progress, metrics) are left to the final release: they are tiny, and a command
   * whose buffer is whole can be adopted from its beginning by another process, which cannot know our last response id.
   */
  private releaseData(response: ExecutePlanResponse): void {
    if (response.responseType.case === 'arrowBatch') this.calls.releaseUntil(response.responseId);
  }

  private async abort(): Promise<GrpcFailure> {
    if (this.stream !== undefined) await this.interruptUntilFound();
    return new GrpcFailure(
      status.CANCELLED,
      'the operation was aborted',
      undefined,
      undefined,
      this.options.signal?.reason,
    );
  }

  /**
   * An interrupt that overtakes the plan finds nothing and the plan then runs unwatched, so before the first response it is repeated.
   * The client's part ends here: on Spark 4.0 a job may still run on for a moment after its operation was canceled.
   */
  private async interruptUntilFound(): Promise<void> {
    const delays = this.hasReceived ? [0] : INTERRUPT_RETRY_DELAYS_MS;
    for (const delayMs of delays) {
      await abortableDelay(delayMs);
      try {
        if ((await this.calls.interrupt()).length > 0) return;
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

async function nextWithin<T>(stream: ResponseStream<T>, idleTimeoutMs: number): Promise<T | undefined> {
  const idle = new AbortController();
  const timer = setTimeout(() => {
    idle.abort();
    stream.cancel();
  }, idleTimeoutMs);
  try {
    return await stream.next();
  } catch (error) {
    if (!idle.signal.aborted) throw error;
    throw new GrpcFailure(status.UNAVAILABLE, 'the response stream fell silent', undefined, undefined, error);
  } finally {
    clearTimeout(timer);
  }
}
