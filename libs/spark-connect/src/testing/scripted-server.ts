import {
  create,
  fromBinary,
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
  type Metadata,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
  type sendUnaryData,
} from '@grpc/grpc-js';
import {
  AnalyzePlanResponseSchema,
  ExecutePlanResponseSchema,
  FetchErrorDetailsResponseSchema,
  InterruptResponseSchema,
  SparkConnectService,
  type ExecutePlanRequest,
  type ReattachExecuteRequest,
  type ReleaseExecuteRequest,
} from '../generated/spark/connect/base_pb';
import { serviceErrorOf, type ScriptedFailure } from './scripted-failure';

export const SERVER_SIDE_SESSION_ID = 'server-side-1';

type AnyMessage = object;

/** One request the server got. */
export interface RecordedCall {
  readonly method: string;
  readonly request: AnyMessage;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** How one response stream goes; the next ExecutePlan or ReattachExecute takes the next script. */
export type StreamScript = (stream: ScriptedStream) => void | Promise<void>;

/** One response stream as a script sees it. */
export class ScriptedStream {
  constructor(
    readonly request: ExecutePlanRequest | ReattachExecuteRequest,
    private readonly call: ServerWritableStream<AnyMessage, AnyMessage>,
  ) {}

  send(responseId: string, response: MessageInitShape<typeof ExecutePlanResponseSchema> = {}): void {
    const { sessionId, operationId = '' } = this.request;
    const identity = { sessionId, operationId, responseId, serverSideSessionId: SERVER_SIDE_SESSION_ID };
    this.call.write(create(ExecutePlanResponseSchema, { ...identity, ...response }));
  }

  complete(responseId: string): void {
    this.send(responseId, { responseType: { case: 'resultComplete', value: {} } });
    this.call.end();
  }

  end(): void {
    this.call.end();
  }

  fail(failure: ScriptedFailure): void {
    this.call.emit('error', serviceErrorOf(failure));
  }

  /** Resolves when the client has hung up. */
  canceled(): Promise<void> {
    return new Promise((resolve) =>
      this.call.once('cancelled', () => {
        resolve();
      }),
    );
  }
}

/**
 * A Spark Connect server in this process that plays scripts over a real gRPC socket, for the paths a real server takes once in a blue moon.
 * It records every request. What Spark means by a plan is proven against Spark.
 */
export class ScriptedServer {
  readonly calls: RecordedCall[] = [];
  /** Answers of Interrupt, taken one by one; when used up, nothing is found. */
  readonly interruptedIds: string[][] = [];
  /** Failures of AnalyzePlan, taken one by one before it succeeds. */
  readonly analyzeFailures: ScriptedFailure[] = [];
  errorDetails: MessageInitShape<typeof FetchErrorDetailsResponseSchema> | undefined;
  private readonly scripts: StreamScript[] = [];
  private readonly server = new Server();
  private boundPort = 0;
  private waiters: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    scripted.server.addService(serviceDefinition(), scripted.implementation());
    scripted.boundPort = await new Promise<number>((resolve, reject) => {
      scripted.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
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

  private record(method: string, request: AnyMessage, metadata: Metadata): void {
    this.calls.push({ method, request, headers: metadata.getMap() });
    const met = this.waiters.filter(({ isMet }) => isMet());
    this.waiters = this.waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }

  private implementation(): UntypedServiceImplementation {
    const methods = Object.values(SparkConnectService.method).filter(({ name }) => name !== 'AddArtifacts');
    const handlers = methods.map((method) => [method.name, this.handlerOf(method)] as const);
    return Object.fromEntries(handlers) as UntypedServiceImplementation;
  }

  private handlerOf(method: DescMethod): unknown {
    if (method.methodKind === 'server_streaming') {
      return (call: ServerWritableStream<AnyMessage, AnyMessage>) => {
        this.record(method.name, call.request, call.metadata);
        const script =
          this.scripts.shift() ??
          ((stream: ScriptedStream) => {
            stream.fail(NO_SCRIPT);
          });
        void script(new ScriptedStream(call.request as ExecutePlanRequest, call));
      };
    }
    return (call: ServerUnaryCall<AnyMessage, AnyMessage>, reply: sendUnaryData<AnyMessage>) => {
      this.record(method.name, call.request, call.metadata);
      this.answer(method, call.request, reply);
    };
  }

  private answer(method: DescMethod, request: AnyMessage, reply: sendUnaryData<AnyMessage>): void {
    const sessionId = 'sessionId' in request ? String(request.sessionId) : '';
    const identity = { sessionId, serverSideSessionId: SERVER_SIDE_SESSION_ID };
    if (method.name === 'AnalyzePlan') {
      const failure = this.analyzeFailures.shift();
      const result = { case: 'sparkVersion', value: { version: '4.0.1' } } as const;
      if (failure === undefined) reply(null, create(AnalyzePlanResponseSchema, { ...identity, result }));
      else reply(serviceErrorOf(failure));
    } else if (method.name === 'Interrupt') {
      const interruptedIds = this.interruptedIds.shift() ?? [];
      reply(null, create(InterruptResponseSchema, { ...identity, interruptedIds }));
    } else if (method.name === 'FetchErrorDetails') {
      reply(null, create(FetchErrorDetailsResponseSchema, { ...identity, ...this.errorDetails }));
    } else {
      reply(null, create(method.output, identity as MessageInitShape<DescMessage>));
    }
  }
}

const NO_SCRIPT: ScriptedFailure = {
  code: status.FAILED_PRECONDITION,
  message: 'the test has no script for this call',
};

function serviceDefinition(): ServiceDefinition {
  const methods = Object.values(SparkConnectService.method).filter(({ name }) => name !== 'AddArtifacts');
  return Object.fromEntries(methods.map((method: DescMethod) => [method.name, methodDefinition(method)]));
}

function methodDefinition(method: DescMethod) {
  const serialize = (desc: DescMessage) => (message: Message) => Buffer.from(toBinary(desc, message));
  const deserialize = (desc: DescMessage) => (bytes: Buffer) => fromBinary(desc, bytes);
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: method.methodKind === 'server_streaming',
    requestSerialize: serialize(method.input),
    requestDeserialize: deserialize(method.input),
    responseSerialize: serialize(method.output),
    responseDeserialize: deserialize(method.output),
  };
}
