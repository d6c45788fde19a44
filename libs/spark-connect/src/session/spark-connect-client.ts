import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { GrpcChannel, RpcOptions } from '../channel/grpc-channel';
import { withRetries } from '../channel/retry';
import { convertFailure } from '../errors/convert-failure';
import { GrpcFailure } from '../errors/grpc-failure';
import type { CallOptions } from '../execute/action-options';
import type { BackgroundReleases } from '../execute/background-release';
import { refuseWrongOperationId, refuseWrongTags } from '../execute/option-checks';
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
import type { ClientSettings } from './client-settings';
import { cacheData } from './artifacts';
import type { LocalDataCache } from './local-data-cache';
import type { OperationTags } from './operation-tags';
import type { SessionIdentity } from './session-identity';
import type { CallLimits, SessionPreparation } from './session-preparation';
import type { StreamingQueryListenerBus } from '../streaming/streaming-query-listener-bus';

/** The parts one session shares among its views (a view is the same session with other request headers). */
export interface SessionParts {
  readonly channel: GrpcChannel;
  readonly identity: SessionIdentity;
  readonly settings: ClientSettings;
  readonly releases: BackgroundReleases;
  readonly preparation: SessionPreparation;
  readonly tags: OperationTags;
  readonly localData: LocalDataCache;
  readonly listenerBus: StreamingQueryListenerBus;
}

/** What a failure was about. */
export interface ErrorOrigin {
  readonly operationId?: string | undefined;
  /** Name of the RPC. */
  readonly call?: string | undefined;
  /** Ends the search for details, too. */
  readonly signal?: AbortSignal | undefined;
}

/** The calls that are answered at once: retried, bounded, checked against the session, failures converted. */
export class SparkConnectClient {
  constructor(
    readonly parts: SessionParts,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The same session with more request headers. */
  withHeaders(headers: Readonly<Record<string, string>>): SparkConnectClient {
    return new SparkConnectClient(this.parts, { ...this.headers, ...headers });
  }

  async analyze(
    analyze: AnalyzePlanRequest['analyze'],
    options: CallOptions = {},
  ): Promise<AnalyzePlanResponse> {
    const limits = this.limitsOf(options, this.parts.settings.analyzeDeadlineMs);
    await this.prepareFor(analyze, limits);
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
    refuseMisnamed(interrupt);
    const request = () =>
      create(InterruptRequestSchema, { ...this.parts.identity.stamp(), interruptType, interrupt });
    const response = await this.call(SparkConnectService.method.interrupt, request, options);
    return response.interruptedIds;
  }

  async releaseSession(allowReconnect: boolean, options: CallOptions = {}): Promise<void> {
    const { sessionId, userContext, clientType } = this.parts.identity.stamp();
    const request = () =>
      create(ReleaseSessionRequestSchema, { sessionId, userContext, clientType, allowReconnect });
    await this.call(SparkConnectService.method.releaseSession, request, options);
  }

  /** What a plan needs before it goes out: the session prepared, and the local data it names by hash. */
  async prepareFor(plan: object, limits: CallLimits): Promise<void> {
    await this.prepare(limits);
    const { signal } = limits;
    await this.parts.localData.sendFor(plan, (hash, bytes) => cacheData(this, hash, bytes, { signal }));
  }

  /** The patience of a call: its own, else the default of its kind. */
  limitsOf(options: CallOptions, defaultMs: number = this.parts.settings.unaryDeadlineMs): CallLimits {
    return { signal: options.signal, deadlineAt: Date.now() + (options.deadlineMs ?? defaultMs) };
  }

  /** One unary call with retries; `request` is made anew for each attempt because the identity may have learnt something. */
  call<I extends DescMessage, O extends DescMessage>(
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
    const { operationId, call, signal } = about;
    const context = { sessionId: identity.sessionId, operationId, server: channel.address, call };
    return convertFailure(error, context, await this.errorDetails(error, signal));
  }

  checkSession(response: object): void {
    if (!('sessionId' in response) || !('serverSideSessionId' in response)) return;
    const { sessionId, serverSideSessionId } = response;
    if (typeof sessionId !== 'string' || typeof serverSideSessionId !== 'string') return;
    this.parts.identity.check({ sessionId, serverSideSessionId });
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

  private sendConfig(opType: ConfigRequest_Operation['opType'], limits: CallLimits): Promise<ConfigResponse> {
    const request = () =>
      create(ConfigRequestSchema, { ...this.parts.identity.stamp(), operation: { opType } });
    return this.callWithin(SparkConnectService.method.config, request, limits);
  }

  private async callWithin<I extends DescMessage, O extends DescMessage>(
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
function refuseMisnamed(interrupt: InterruptRequest['interrupt']): void {
  if (interrupt.case === 'operationId') refuseWrongOperationId(interrupt.value);
  if (interrupt.case === 'operationTag') refuseWrongTags([interrupt.value]);
}

/** The message that sets confs. */
export function setOf(pairs: Readonly<Record<string, string>>): ConfigRequest_Set {
  return create(ConfigRequest_SetSchema, {
    pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })),
  });
}
