import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, Message, MessageShape } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import { status } from '@grpc/grpc-js';
import type { RpcOptions } from '../channel/grpc-channel';
import { requestHeaders } from '../channel/request-headers';
import { withRetries } from '../channel/retry';
import { convertFailure } from '../errors/convert-failure';
import { GrpcFailure } from '../errors/grpc-failure';
import type { CallOptions } from '../execute/action-options';
import { operationIdOf, refuseWrongDeadline, refuseWrongTags } from '../execute/option-checks';
import {
  AnalyzePlanRequestSchema,
  ConfigRequestSchema,
  ConfigRequest_SetSchema,
  FetchErrorDetailsRequestSchema,
  InterruptRequestSchema,
  ReleaseSessionRequestSchema,
  SparkConnectService,
  type AnalyzePlanRequest,
  type AnalyzePlanResponse,
  type ConfigRequest_Operation,
  type ConfigRequest_Set,
  type ConfigResponse,
  type FetchErrorDetailsResponse,
  type InterruptRequest,
  type InterruptRequest_InterruptType,
} from '../generated/spark/connect/base_pb';
import { cacheData } from './artifacts';
import type { CallLimits } from './call-limits';
import { releasing } from './releasing';
import { warnOnce } from './server-warnings';
import type { SessionParts } from './session-parts';

/** A response that says which session it is of, as all of Spark's do. */
type SessionResponse = Message & { readonly sessionId: string; readonly serverSideSessionId: string };

/** What a failure was about. */
export interface ErrorOrigin {
  readonly operationId?: string | undefined;
  /** Can the server have the operation? Default true. */
  readonly isAdoptable?: boolean | undefined;
  /** Name of the RPC. */
  readonly call?: string | undefined;
  /** Ends the search for details, too. */
  readonly signal?: AbortSignal | undefined;
}

/** The calls that are answered at once: retried, bounded, checked against the session, failures converted. */
export class SparkConnectClient {
  // Truly private: a header may carry a secret, and sessions and DataFrames are logged.
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    readonly parts: SessionParts,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.#headers = headers;
  }

  /** Those of this view of the session. */
  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  /** The same session with more request headers. @throws TypeError naming one that cannot be sent. */
  withHeaders(headers: Readonly<Record<string, string>>): SparkConnectClient {
    return new SparkConnectClient(this.parts, {
      ...this.#headers,
      ...requestHeaders(Object.entries(headers)),
    });
  }

  async analyze(
    analyze: AnalyzePlanRequest['analyze'],
    options: CallOptions = {},
  ): Promise<AnalyzePlanResponse> {
    const limits = await this.prepareFor(analyze, options, this.parts.settings.analyzeDeadlineMs);
    return this.sendAnalysis(analyze, limits);
  }

  async config(
    opType: ConfigRequest_Operation['opType'],
    options: CallOptions = {},
  ): Promise<ConfigResponse> {
    const limits = this.limitsOf(options);
    await this.prepare(limits);
    return this.sendConfig(opType, limits);
  }

  async interrupt(
    interruptType: InterruptRequest_InterruptType,
    interrupt: InterruptRequest['interrupt'],
    options: CallOptions = {},
  ): Promise<string[]> {
    const named = wellNamed(interrupt);
    const request = () =>
      create(InterruptRequestSchema, { ...this.parts.identity.stamp(), interruptType, interrupt: named });
    const response = await this.call(SparkConnectService.method.interrupt, request, options);
    return response.interruptedIds;
  }

  /** To end on both sides a session that has ended on both is no error. */
  async releaseSession(allowReconnect: boolean, options: CallOptions = {}): Promise<void> {
    const { channel, identity } = this.parts;
    const { sessionId, userContext, clientType } = identity.stamp();
    const request = () =>
      create(ReleaseSessionRequestSchema, { sessionId, userContext, clientType, allowReconnect });
    const limits = this.limitsOf(options);
    const release = () => this.callWithin(SparkConnectService.method.releaseSession, request, limits);
    try {
      await releasing(release);
    } catch (error) {
      if (allowReconnect || !identity.isReleased || !channel.closed.aborted) throw error;
    }
    identity.noteRelease(!allowReconnect);
  }

  /**
   * What a plan needs before it goes out: the session prepared, and the local data it names by hash. Returns the limits of its own
   * request: a deadline of the caller is one for all, a default begins after the data has been sent, for which there is another.
   */
  async prepareFor(plan: object, options: CallOptions, defaultMs?: number): Promise<CallLimits> {
    const limits = this.limitsOf(options, defaultMs);
    await this.prepare(limits);
    const isOwn = options.deadlineMs !== undefined;
    const upload = isOwn ? limits : { signal: options.signal };
    const send = (hash: string, bytes: Uint8Array) => cacheData(this, hash, bytes, upload);
    const hasWaited = await this.parts.localData.sendFor(plan, upload, send);
    return hasWaited && !isOwn ? this.limitsOf(options, defaultMs) : limits;
  }

  /** The patience of a call: its own, else the default of its kind. @throws TypeError when its deadline is no number. */
  limitsOf(options: CallOptions, defaultMs: number = this.parts.settings.unaryDeadlineMs): CallLimits {
    refuseWrongDeadline(options);
    return { signal: options.signal, deadlineAt: Date.now() + (options.deadlineMs ?? defaultMs) };
  }

  /** One unary call with retries; `request` is made anew for each attempt because the identity may have learnt something. */
  call<I extends DescMessage, O extends GenMessage<SessionResponse>>(
    method: DescMethodUnary<I, O>,
    request: () => MessageShape<I>,
    options: CallOptions,
    operationId?: string,
  ): Promise<MessageShape<O>> {
    return this.callWithin(method, request, this.limitsOf(options), operationId);
  }

  /** The public form of a failure, with the server's full error chain where it still has it. */
  async publicError(error: unknown, about: ErrorOrigin = {}): Promise<unknown> {
    if (!(error instanceof GrpcFailure)) return error;
    const { channel, identity } = this.parts;
    const { signal, ...origin } = about;
    const context = {
      ...origin,
      sessionId: identity.sessionId,
      server: channel.address,
      isClosed: channel.closed.aborted && signal?.aborted !== true,
      isReleased: identity.isReleased,
      hasToken: channel.hasToken || 'authorization' in this.headers,
    };
    return convertFailure(error, context, await this.errorDetails(error, signal));
  }

  checkSession(response: SessionResponse): void {
    this.parts.identity.check(response);
  }

  private prepare(limits: CallLimits): Promise<void> {
    return this.parts.preparation.ensure(limits, () => this.prepareSession(limits));
  }

  private async prepareSession(limits: CallLimits): Promise<void> {
    const { channel, identity, preparation } = this.parts;
    if (!preparation.knowsVersion) {
      const value = { $typeName: 'spark.connect.AnalyzePlanRequest.SparkVersion' } as const;
      const { result } = await this.sendAnalysis({ case: 'sparkVersion', value }, limits);
      const version = result.case === 'sparkVersion' ? result.value.version : '';
      preparation.learnVersion(version, channel.address, identity.sessionId);
    }
    if (Object.keys(preparation.pairs).length === 0) return;
    await this.sendConfig({ case: 'set', value: setOf(preparation.pairs) }, limits);
  }

  private sendAnalysis(
    analyze: AnalyzePlanRequest['analyze'],
    limits: CallLimits,
  ): Promise<AnalyzePlanResponse> {
    const request = () => create(AnalyzePlanRequestSchema, { ...this.parts.identity.stamp(), analyze });
    return this.callWithin(SparkConnectService.method.analyzePlan, request, limits);
  }

  private async sendConfig(
    opType: ConfigRequest_Operation['opType'],
    limits: CallLimits,
  ): Promise<ConfigResponse> {
    const request = () =>
      create(ConfigRequestSchema, { ...this.parts.identity.stamp(), operation: { opType } });
    const response = await this.callWithin(SparkConnectService.method.config, request, limits);
    warnOnce(response.warnings);
    return response;
  }

  private async callWithin<I extends DescMessage, O extends GenMessage<SessionResponse>>(
    method: DescMethodUnary<I, O>,
    request: () => MessageShape<I>,
    limits: CallLimits,
    operationId?: string,
  ): Promise<MessageShape<O>> {
    const { channel, settings } = this.parts;
    const rpc: RpcOptions = { headers: this.headers, ...limits };
    try {
      const response = await withRetries(settings.retryPolicy, { ...limits, closed: channel.closed }, () =>
        channel.unary(method, request(), rpc),
      );
      this.checkSession(response);
      return response;
    } catch (error) {
      throw await this.publicError(error, { operationId, call: method.name, signal: limits.signal });
    }
  }

  private async errorDetails(
    failure: GrpcFailure,
    signal: AbortSignal | undefined,
  ): Promise<FetchErrorDetailsResponse | undefined> {
    const errorId = failure.errorInfo?.metadata['errorId'];
    if (errorId === undefined || failure.grpcCode === status.UNAVAILABLE) return undefined;
    const { channel, identity, settings } = this.parts;
    const request = create(FetchErrorDetailsRequestSchema, { ...identity.stamp(), errorId });
    const deadlineAt = Date.now() + settings.errorDetailsDeadlineMs;
    const rpc: RpcOptions = { headers: this.headers, deadlineAt, signal };
    try {
      const details = await channel.unary(SparkConnectService.method.fetchErrorDetails, request, rpc);
      this.checkSession(details);
      return details;
    } catch {
      // The server keeps 20 errors for a minute; without the chain the error is still complete enough to act on.
      return undefined;
    }
  }
}

/** @throws TypeError when the server could not take what is named for a tag or an operation id. */
function wellNamed(interrupt: InterruptRequest['interrupt']): InterruptRequest['interrupt'] {
  if (interrupt.case === 'operationId') return { ...interrupt, value: operationIdOf(interrupt.value) };
  if (interrupt.case === 'operationTag') refuseWrongTags([interrupt.value]);
  return interrupt;
}

/** The message that sets confs. */
export function setOf(pairs: Readonly<Record<string, string>>): ConfigRequest_Set {
  return create(ConfigRequest_SetSchema, {
    pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })),
  });
}
