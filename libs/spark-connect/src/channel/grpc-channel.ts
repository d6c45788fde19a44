import { Readable } from 'node:stream';
import {
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageShape,
} from '@bufbuild/protobuf';
import {
  Metadata,
  status,
  type CallOptions,
  type ChannelCredentials,
  type ChannelOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import { GrpcFailure, abortedCall } from '../errors/grpc-failure';
import { CallWatch } from './call-watch';
import { channelCredentials, refuseExposedToken, type ChannelSecurity } from './channel-security';
import { Connection } from './connection';
import type { ConnectionSettings } from './connection-string';
import { fetchOneAhead, nextOf, type ResponseStream } from './response-stream';
import { MAX_TIMER_MS } from './timer';

/** How one call travels. */
export interface RpcOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly deadlineAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a response stream travels. */
export interface StreamOptions extends RpcOptions {
  /** A reader that waits so long for a message takes the stream for dead; time the reader spends elsewhere does not count. */
  readonly idleTimeoutMs?: number | undefined;
}

/** What a channel needs besides the address. */
export interface ChannelSettings extends ChannelSecurity {
  /** Bound of making a connection, the HTTP/2 handshake included. */
  readonly connectTimeoutMs: number;
  /** Goes before grpc-js's own user agent in the header of that name. */
  readonly userAgent: string;
}

const IDLE_CONNECTION_MS = 180_000;
/** As grpc-java has it. With HTTP/2's own 64 KiB a network of 10 ms there and back lets 3 MB through in a second, with this 30. */
const FLOW_CONTROL_WINDOW_BYTES = 1_048_576;

/**
 * The HTTP/2 channel of a session, with typed calls; every failure leaves as `GrpcFailure`.
 *
 * No keepalive pings: a Spark server takes more than one in five minutes for abuse (and any without a call), while every call here has
 * a deadline and every stream an idle timeout that notice a dead connection sooner. A connection on which nothing was heard in that time
 * is replaced, and one that is not used for three minutes is closed, before a NAT forgets it.
 */
export class GrpcChannel {
  // Truly private: a session that is logged must show neither its token nor the key of its certificate.
  readonly #baseHeaders: Readonly<Record<string, string>>;
  readonly #credentials: ChannelCredentials;
  readonly #connectionSettings: ConnectionSettings;
  readonly #settings: ChannelSettings;
  #connection: Connection;
  readonly #retired = new Set<Connection>();
  private readonly closing = new AbortController();
  /** `host:port`, for messages. */
  readonly address: string;

  /** Opens nothing yet. @throws TypeError when the token would travel unprotected, or the certificates cannot be used. */
  constructor(connection: ConnectionSettings, settings: ChannelSettings) {
    refuseExposedToken(connection, settings);
    const authorization =
      connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` };
    this.#connectionSettings = connection;
    this.#settings = settings;
    this.#baseHeaders = { ...connection.headers, ...authorization };
    this.#credentials = channelCredentials(connection, settings);
    this.address = `${connection.host}:${String(connection.port)}`;
    this.#connection = this.connect();
  }

  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    options: RpcOptions,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      this.refuseToStart(options);
      const connection = this.#connection;
      const call = connection.client.makeUnaryRequest(
        pathOf(method),
        (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
        (bytes: Buffer) => fromBinary(method.output, bytes),
        request,
        this.metadata(options.headers),
        callOptions(options),
        (error, response) => {
          settle(watch, error, response, resolve, reject);
        },
      );
      const watch = this.watch(connection, call, options);
    });
  }

  serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageShape<I>,
    options: StreamOptions,
  ): ResponseStream<MessageShape<O>> {
    this.refuseToStart(options);
    const connection = this.#connection;
    const call = connection.client.makeServerStreamRequest(
      pathOf(method),
      (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
      (bytes: Buffer) => fromBinary(method.output, bytes),
      request,
      this.metadata(options.headers),
      callOptions(options),
    );
    const watch = this.watch(connection, call, options);
    // Also where nobody reads: cancel() makes grpc-js emit an error, which without a listener ends the process.
    call.on('error', () => {
      watch.done();
    });
    call.on('end', () => {
      watch.done();
    });
    fetchOneAhead(call);
    const iterator: AsyncIterator<MessageShape<O>> = call[Symbol.asyncIterator]();
    return {
      next: () => nextOf(iterator, watch, options.idleTimeoutMs),
      cancel: () => {
        call.cancel();
        watch.done();
      },
    };
  }

  /**
   * Sends the requests one by one as fast as the server takes them, and resolves with its one answer. An error of the requests
   * themselves ends the call and is passed on as it is.
   */
  clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    requests: AsyncIterable<MessageShape<I>>,
    options: RpcOptions,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      this.refuseToStart(options);
      const connection = this.#connection;
      const source = Readable.from(requests);
      const call = connection.client.makeClientStreamRequest(
        pathOf(method),
        (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
        (bytes: Buffer) => fromBinary(method.output, bytes),
        this.metadata(options.headers),
        callOptions(options),
        (error: ServiceError | null, response?: MessageShape<O>) => {
          const failure = source.errored;
          source.destroy();
          if (failure === null) settle(watch, error, response, resolve, reject);
          else {
            watch.done();
            reject(failure);
          }
        },
      );
      const watch = this.watch(connection, call, options);
      call.on('error', () => undefined);
      source.on('error', () => {
        call.cancel();
      });
      source.pipe(call as unknown as NodeJS.WritableStream);
    });
  }

  /** Another channel to the same server, with a connection of its own; each is closed on its own. */
  another(): GrpcChannel {
    return new GrpcChannel(this.#connectionSettings, this.#settings);
  }

  /** Does every request carry a token? */
  get hasToken(): boolean {
    return 'authorization' in this.#baseHeaders;
  }

  /** Fires when the channel is closed, for those who wait for the next attempt of a call. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Closes the connection; calls under way fail. */
  close(): void {
    this.closing.abort();
    for (const connection of [...this.#retired, this.#connection]) connection.close();
  }

  private connect(): Connection {
    const { maxMessageBytes } = this.#connectionSettings;
    const { userAgent, tls } = this.#settings;
    const options: ChannelOptions = {
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
      'grpc.primary_user_agent': userAgent,
      'grpc.client_idle_timeout_ms': IDLE_CONNECTION_MS,
      'grpc-node.flow_control_window': FLOW_CONTROL_WINDOW_BYTES,
      // A restarted server must be found again within seconds; grpc-js would back off up to two minutes.
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 3_000,
      // What is retried is decided here, not by a policy that somebody put into DNS.
      'grpc.service_config_disable_resolution': 1,
      ...(tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName }),
    };
    return new Connection(this.address, this.#credentials, options);
  }

  private watch(connection: Connection, call: { cancel(): void }, options: RpcOptions): CallWatch {
    return new CallWatch(connection, call, {
      signal: options.signal,
      connectTimeoutMs: this.#settings.connectTimeoutMs,
      onDeadConnection: () => {
        this.replace(connection);
      },
    });
  }

  /** The next call gets a new connection; calls under way on the old one keep it until they end. */
  private replace(connection: Connection): void {
    if (this.closed.aborted || this.#connection !== connection) return;
    this.#connection = this.connect();
    this.#retired.add(connection);
    connection.retire(() => {
      this.#retired.delete(connection);
    });
  }

  private refuseToStart({ signal }: RpcOptions): void {
    // grpc-js itself throws a plain error on a closed channel, which no caller could tell from a defect.
    if (this.closed.aborted) throw canceled('the session is closed on this side');
    if (signal?.aborted === true) throw abortedCall(signal);
  }

  private metadata(headers: Readonly<Record<string, string>>): Metadata {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries({ ...this.#baseHeaders, ...headers }))
      metadata.set(name, value);
    return metadata;
  }
}

function settle<T>(
  watch: CallWatch,
  error: ServiceError | null,
  response: T | undefined,
  resolve: (response: T) => void,
  reject: (failure: GrpcFailure) => void,
): void {
  if (error === null) watch.heard();
  const failure = error === null ? undefined : watch.failureOf(error);
  watch.done();
  if (failure !== undefined) reject(failure);
  else if (response === undefined)
    reject(new GrpcFailure(status.INTERNAL, 'empty answer', undefined, undefined));
  else resolve(response);
}

function canceled(message: string): GrpcFailure {
  return new GrpcFailure(status.CANCELLED, message, undefined, undefined);
}

function pathOf(method: { readonly name: string; readonly parent: { readonly typeName: string } }): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function callOptions({ deadlineAt }: RpcOptions): CallOptions {
  // grpc-js throws on a deadline too far in the future.
  if (deadlineAt === undefined || deadlineAt - Date.now() > MAX_TIMER_MS) return {};
  return { deadline: deadlineAt };
}
