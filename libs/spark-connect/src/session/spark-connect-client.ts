import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { GrpcChannel, RpcOptions } from '../channel/grpc-channel';
import { withRetries } from '../channel/retry';
import { convertFailure, type FailureContext } from '../errors/convert-failure';
import { GrpcFailure } from '../errors/grpc-failure';
import type { CallOptions } from '../execute/action-options';
import type { BackgroundReleases } from '../execute/background-release';
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
import type { InitialConf } from './initial-conf';
import type { SessionIdentity } from './session-identity';

/** The parts one session shares among its views (a view is the same session with other request headers). */
export interface SessionParts {
  readonly channel: GrpcChannel;
  readonly identity: SessionIdentity;
  readonly settings: ClientSettings;
  readonly releases: BackgroundReleases;
  readonly initialConf: InitialConf;
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
    await this.applyInitialConf();
    const request = () => create(AnalyzePlanRequestSchema, { ...this.parts.identity.stamp(), analyze });
    const deadlineMs = options.deadlineMs ?? this.parts.settings.analyzeDeadlineMs;
    return this.call(SparkConnectService.method.analyzePlan, request, { ...options, deadlineMs });
  }

  async config(
    opType: ConfigRequest_Operation['opType'],
    options: CallOptions = {},
  ): Promise<ConfigResponse> {
    await this.applyInitialConf();
    return this.sendConfig(opType, options);
  }

  async interrupt(
    interruptType: InterruptRequest_InterruptType,
    interrupt: InterruptRequest['interrupt'],
    options: CallOptions = {},
  ): Promise<string[]> {
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

  /** Sends the builder's confs, once in the life of the session. */
  applyInitialConf(): Promise<void> {
    return this.parts.initialConf.apply((pairs) => this.sendConfig({ case: 'set', value: setOf(pairs) }, {}));
  }

  /** One unary call with retries; `request` is made anew for each attempt because the identity may have learnt something. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: () => MessageShape<I>,
    options: CallOptions,
    operationId?: string,
  ): Promise<MessageShape<O>> {
    const { channel, settings } = this.parts;
    const rpc: RpcOptions = {
      headers: this.headers,
      signal: options.signal,
      deadlineAt: Date.now() + (options.deadlineMs ?? settings.unaryDeadlineMs),
    };
    try {
      const response = await withRetries(settings.retryPolicy, rpc, () =>
        channel.unary(method, request(), rpc),
      );
      this.checkSession(response);
      return response;
    } catch (error) {
      throw await this.publicError(error, operationId);
    }
  }

  /** The public form of a failure, with the server's full error chain where it still has it. */
  async publicError(error: unknown, operationId?: string): Promise<unknown> {
    if (!(error instanceof GrpcFailure)) return error;
    const context: FailureContext = { sessionId: this.parts.identity.sessionId, operationId };
    return convertFailure(error, context, await this.errorDetails(error));
  }

  checkSession(response: object): void {
    if (!('sessionId' in response) || !('serverSideSessionId' in response)) return;
    const { sessionId, serverSideSessionId } = response;
    if (typeof sessionId !== 'string' || typeof serverSideSessionId !== 'string') return;
    this.parts.identity.check({ sessionId, serverSideSessionId });
  }

  private sendConfig(
    opType: ConfigRequest_Operation['opType'],
    options: CallOptions,
  ): Promise<ConfigResponse> {
    const request = () =>
      create(ConfigRequestSchema, { ...this.parts.identity.stamp(), operation: { opType } });
    return this.call(SparkConnectService.method.config, request, options);
  }

  private async errorDetails(failure: GrpcFailure): Promise<FetchErrorDetailsResponse | undefined> {
    const errorId = failure.errorInfo?.metadata['errorId'];
    if (errorId === undefined || failure.grpcCode === status.UNAVAILABLE) return undefined;
    const { channel, identity, settings } = this.parts;
    const request = create(FetchErrorDetailsRequestSchema, { ...identity.stamp(), errorId });
    try {
      const deadlineAt = Date.now() + settings.errorDetailsDeadlineMs;
      return await channel.unary(SparkConnectService.method.fetchErrorDetails, request, {
        headers: this.headers,
        deadlineAt,
      });
    } catch {
      // The server keeps 20 errors for a minute; without the chain the error is still complete enough to act on.
      return undefined;
    }
  }
}

/** The message that sets confs. */
export function setOf(pairs: Readonly<Record<string, string>>): ConfigRequest_Set {
  return create(ConfigRequest_SetSchema, {
    pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })),
  });
}
