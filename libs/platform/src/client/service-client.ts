import { ERROR_CODES, InvalidRequest, MillraceError, ServiceUnavailable } from '@millrace/domain';
import type { ErrorBody, ErrorCode } from '@millrace/domain';
import type { Schema } from '../config/schema';

export interface ServiceClientOptions {
  /** In messages: "the orchestrator cannot be reached". */
  readonly name: string;
  readonly baseUrl: string;
  /** `MILLRACE_INTERNAL_TOKEN` */
  readonly token: string;
  /** Deadline of a call that names none. */
  readonly timeoutMs: number;
}

export interface CallOptions<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Shape of the answer. */
  readonly answer: Schema<T>;
  readonly timeoutMs?: number;
  readonly requestId?: string;
}

export interface OpenOptions {
  /** Path with its query string. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts the call, also while the body is being read. */
  readonly signal?: AbortSignal;
  /** Until the headers have arrived; the body may take longer. */
  readonly timeoutMs?: number;
}

/** A failure that another service of ours answered with: told on as it is. */
export class PassedOnFailure extends MillraceError {
  declare readonly batchId?: string;
  declare readonly status?: string;
  declare readonly errorMessage?: string | undefined;

  constructor(
    readonly code: ErrorCode,
    body: ErrorBody,
  ) {
    super(body.message);
    if (body.batchId !== undefined) this.batchId = body.batchId;
    if (body.status !== undefined) this.status = body.status;
    if (body.errorMessage !== undefined) this.errorMessage = body.errorMessage;
  }
}

/** Calls of one service of ours to another: with a deadline, a token, and errors that keep their code. */
export class ServiceClient {
  constructor(private readonly options: ServiceClientOptions) {}

  /**
   * @throws ServiceUnavailable naming the service when it cannot be reached or is too slow.
   * @throws MillraceError of the code that the service answered with.
   */
  async call<T>(call: CallOptions<T>): Promise<T> {
    const signal = AbortSignal.timeout(call.timeoutMs ?? this.options.timeoutMs);
    const headers: Record<string, string> = { authorization: `Bearer ${this.options.token}` };
    if (call.requestId !== undefined) headers['x-request-id'] = call.requestId;
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    const { status, content } = await this.reach(async () => {
      const response = await fetch(`${this.options.baseUrl}${call.path}`, {
        method: call.method,
        headers,
        signal,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      return { status: response.status, content: readJson(await response.text()) };
    });
    if (status >= 400) throw this.failureOf(status, content);
    const result = call.answer.safeParse(content);
    if (result.success) return result.data;
    throw new Error(`The ${this.options.name} answered ${call.path} in a form that is not known`);
  }

  /** The answer as it comes, whatever its status, for passing on. */
  async open(request: OpenOptions): Promise<Response> {
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort();
    }, request.timeoutMs ?? this.options.timeoutMs);
    const signals = [deadline.signal, ...(request.signal === undefined ? [] : [request.signal])];
    try {
      return await this.reach(() =>
        fetch(`${this.options.baseUrl}${request.path}`, {
          headers: { ...request.headers, authorization: `Bearer ${this.options.token}` },
          signal: AbortSignal.any(signals),
          redirect: 'manual',
        }),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  private async reach<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw new ServiceUnavailable(
        isAborted(error)
          ? `The ${this.options.name} did not answer in time`
          : `The ${this.options.name} cannot be reached`,
        { cause: error },
      );
    }
  }

  private failureOf(status: number, content: unknown): Error {
    if (isErrorBody(content)) {
      if (content.error === 'INVALID_REQUEST' && content.details !== undefined) {
        return new InvalidRequest(content.details);
      }
      // A wrong internal token is a fault of the installation, not of the client.
      if (content.error !== 'UNAUTHORIZED') return new PassedOnFailure(content.error, content);
    }
    return new Error(`The ${this.options.name} answered with HTTP ${String(status)}`);
  }
}

/** `fetch` tells an abort by name; what it throws is not always an `Error`. */
function isAborted(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  return name === 'TimeoutError' || name === 'AbortError';
}

function readJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function isErrorBody(content: unknown): content is ErrorBody {
  if (typeof content !== 'object' || content === null) return false;
  const { error, message } = content as Partial<ErrorBody>;
  return ERROR_CODES.some((code) => code === error) && typeof message === 'string';
}
