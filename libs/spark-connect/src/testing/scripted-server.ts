import {
  create,
  fromBinary,
  isMessage,
  toBinary,
  type DescMessage,
  type DescMethod,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import {
  Server,
  ServerCredentials,
  status,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
  type sendUnaryData,
} from '@grpc/grpc-js';
import {
  AddArtifactsResponseSchema,
  AnalyzePlanRequestSchema,
  AnalyzePlanResponseSchema,
  ArtifactStatusesResponseSchema,
  ConfigResponseSchema,
  FetchErrorDetailsResponseSchema,
  InterruptResponseSchema,
  SparkConnectService,
  type AddArtifactsRequest,
  type AnalyzePlanRequest,
  type ArtifactStatusesRequest,
  type ExecutePlanRequest,
  type ReleaseExecuteRequest,
} from '../generated/spark/connect/base_pb';
import { ScriptedArtifacts } from './scripted-artifacts';
import { serviceErrorOf, type ScriptedFailure } from './scripted-failure';
import { ScriptedStream, type StreamScript } from './scripted-stream';

export { ScriptedStream, type StreamScript } from './scripted-stream';

export const SERVER_SIDE_SESSION_ID = 'server-side-1';

type AnyMessage = object;
type AnyCall = Pick<ServerUnaryCall<AnyMessage, AnyMessage>, 'metadata' | 'getPeer'>;

/** PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** One request the server got. */
export interface RecordedCall {
  readonly method: string;
  readonly request: AnyMessage;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Address of the client's end of the connection. */
  readonly peer: string;
}

/**
 * A Spark Connect server in this process that plays scripts over a real gRPC socket, for the paths a real server takes once in a blue moon.
 * It records every request. What Spark means by a plan is proven against Spark.
 */
export class ScriptedServer {
  /** What the session did on its own before its first request (asking for the version) is in `handshakes` instead. */
  readonly calls: RecordedCall[] = [];
  readonly handshakes: RecordedCall[] = [];
  readonly handshakeFailures: ScriptedFailure[] = [];
  serverVersion = '4.0.1';
  serverSideSessionId = SERVER_SIDE_SESSION_ID;
  /** Methods that are never answered. */
  readonly silent = new Set<string>();
  /** Answers of Interrupt, taken one by one; when used up, nothing is found. */
  readonly interruptedIds: string[][] = [];
  /** What every answer of Config warns of. */
  readonly confWarnings: string[] = [];
  readonly artifacts = new ScriptedArtifacts();
  errorDetails: MessageInitShape<typeof FetchErrorDetailsResponseSchema> | undefined;
  private readonly failures = new Map<string, ScriptedFailure[]>();
  private readonly greeted = new Set<string>();
  private readonly scripts: StreamScript[] = [];
  private readonly server = new Server();
  private boundPort = 0;
  private waiters: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  /** @param certificate With one the server speaks TLS. */
  static async start(certificate?: KeyAndCertificate): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    scripted.server.addService(serviceDefinition(), scripted.implementation());
    scripted.boundPort = await new Promise<number>((resolve, reject) => {
      scripted.server.bindAsync('127.0.0.1:0', credentialsOf(certificate), (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
    return scripted;
  }

  get port(): number {
    return this.boundPort;
  }

  play(...scripts: readonly StreamScript[]): void {
    this.scripts.push(...scripts);
  }

  /** Failures of AnalyzePlan, taken one by one before it succeeds. */
  get analyzeFailures(): ScriptedFailure[] {
    return this.failuresOf('AnalyzePlan');
  }

  /** Failures of a method with one answer, taken one by one before it succeeds. */
  failuresOf(method: string): ScriptedFailure[] {
    const known = this.failures.get(method) ?? [];
    this.failures.set(method, known);
    return known;
  }

  methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  requests<Request = ExecutePlanRequest>(method: string): Request[] {
    return this.calls.filter((call) => call.method === method).map(({ request }) => request as Request);
  }

  /** Waits for a fact about the recorded calls. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ isMet, resolve }));
  }

  /** Waits until the operation is released as a whole. */
  untilReleased(): Promise<void> {
    return this.until(() =>
      this.requests<ReleaseExecuteRequest>('ReleaseExecute').some(
        ({ release }) => release.case === 'releaseAll',
      ),
    );
  }

  close(): void {
    this.server.forceShutdown();
  }

  private record(method: string, request: AnyMessage, call: AnyCall, into = this.calls): void {
    into.push({ method, request, headers: call.metadata.getMap(), peer: call.getPeer() });
    const met = this.waiters.filter(({ isMet }) => isMet());
    this.waiters = this.waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }

  private implementation(): UntypedServiceImplementation {
    const handlers = Object.values(SparkConnectService.method).map(
      (method) => [method.name, this.handlerOf(method)] as const,
    );
    return Object.fromEntries(handlers) as UntypedServiceImplementation;
  }

  private handlerOf(method: DescMethod): unknown {
    if (method.methodKind === 'server_streaming') {
      return (call: ServerWritableStream<AnyMessage, AnyMessage>) => {
        this.record(method.name, call.request, call);
        const script =
          this.scripts.shift() ??
          ((stream: ScriptedStream) => {
            stream.fail(NO_SCRIPT);
          });
        void script(new ScriptedStream(call.request as ExecutePlanRequest, call, this.serverSideSessionId));
      };
    }
    if (method.methodKind === 'client_streaming') {
      return (call: ServerReadableStream<AnyMessage, AnyMessage>, reply: sendUnaryData<AnyMessage>) => {
        this.receiveArtifacts(method, call, reply);
      };
    }
    return (call: ServerUnaryCall<AnyMessage, AnyMessage>, reply: sendUnaryData<AnyMessage>) => {
      const isHandshake = this.isHandshake(call.request);
      this.record(method.name, call.request, call, isHandshake ? this.handshakes : this.calls);
      const failures = isHandshake ? this.handshakeFailures : this.failuresOf(method.name);
      const failure = failures.shift();
      if (failure !== undefined) reply(serviceErrorOf(failure));
      else if (!this.silent.has(isHandshake ? 'handshake' : method.name)) {
        if (isHandshake) this.greeted.add((call.request as AnalyzePlanRequest).sessionId);
        this.answer(method, call.request, reply);
      }
    };
  }

  /** A session asks for the version before anything else. */
  private isHandshake(request: AnyMessage): boolean {
    if (!isMessage(request, AnalyzePlanRequestSchema)) return false;
    return request.analyze.case === 'sparkVersion' && !this.greeted.has(request.sessionId);
  }

  private receiveArtifacts(
    method: DescMethod,
    call: ServerReadableStream<AnyMessage, AnyMessage>,
    reply: sendUnaryData<AnyMessage>,
  ): void {
    let last: AnyMessage = {};
    let failure: ScriptedFailure | undefined;
    call.on('data', (request: AddArtifactsRequest) => {
      this.record(method.name, request, call);
      last = request;
      failure = failure ?? this.artifacts.failures.shift();
      if (failure === undefined) this.artifacts.receive(request);
      else reply(serviceErrorOf(failure));
    });
    call.on('end', () => {
      if (failure === undefined) this.answer(method, last, reply);
    });
  }

  private answer(method: DescMethod, request: AnyMessage, reply: sendUnaryData<AnyMessage>): void {
    const sessionId = 'sessionId' in request ? String(request.sessionId) : '';
    const identity = { sessionId, serverSideSessionId: this.serverSideSessionId };
    if (method.name === 'AnalyzePlan') {
      const result = { case: 'sparkVersion', value: { version: this.serverVersion } } as const;
      reply(null, create(AnalyzePlanResponseSchema, { ...identity, result }));
    } else if (method.name === 'Interrupt') {
      const interruptedIds = this.interruptedIds.shift() ?? [];
      reply(null, create(InterruptResponseSchema, { ...identity, interruptedIds }));
    } else if (method.name === 'AddArtifacts') {
      const artifacts = this.artifacts.summaries();
      reply(null, create(AddArtifactsResponseSchema, { ...identity, artifacts }));
    } else if (method.name === 'ArtifactStatus') {
      const statuses = this.artifacts.statuses((request as ArtifactStatusesRequest).names);
      reply(null, create(ArtifactStatusesResponseSchema, { ...identity, statuses }));
    } else if (method.name === 'FetchErrorDetails') {
      reply(null, create(FetchErrorDetailsResponseSchema, { ...identity, ...this.errorDetails }));
    } else if (method.name === 'Config') {
      reply(null, create(ConfigResponseSchema, { ...identity, warnings: this.confWarnings }));
    } else {
      reply(null, create(method.output, identity as MessageInitShape<DescMessage>));
    }
  }
}

const NO_SCRIPT: ScriptedFailure = {
  code: status.FAILED_PRECONDITION,
  message: 'the test has no script for this call',
};

function credentialsOf(pair: KeyAndCertificate | undefined): ServerCredentials {
  if (pair === undefined) return ServerCredentials.createInsecure();
  const [key, certificate] = [Buffer.from(pair.key), Buffer.from(pair.certificate)];
  return ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]);
}

function serviceDefinition(): ServiceDefinition {
  const methods = Object.values(SparkConnectService.method);
  return Object.fromEntries(methods.map((method: DescMethod) => [method.name, methodDefinition(method)]));
}

function methodDefinition(method: DescMethod) {
  const serialize = (desc: DescMessage) => (message: Message) => Buffer.from(toBinary(desc, message));
  const deserialize = (desc: DescMessage) => (bytes: Buffer) => fromBinary(desc, bytes);
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming',
    responseStream: method.methodKind === 'server_streaming',
    requestSerialize: serialize(method.input),
    requestDeserialize: deserialize(method.input),
    responseSerialize: serialize(method.output),
    responseDeserialize: deserialize(method.output),
  };
}
