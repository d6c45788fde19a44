import {
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Client, Metadata, credentials, status, type CallOptions, type ServiceError } from '@grpc/grpc-js';
import { GrpcFailure, grpcFailureOf } from '../errors/grpc-failure';
import type { ConnectionSettings } from './connection-string';

/** How one call travels. */
export interface RpcOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly deadlineAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The responses of a server stream, pulled one by one (so that HTTP/2 flow control slows the server down). */
export interface ResponseStream<T> {
  /** The next message, or undefined at a regular end. Rejects with `GrpcFailure`. */
  next(): Promise<T | undefined>;
  /** Ends the call; safe to repeat and after the end. */
  cancel(): void;
}

/** One HTTP/2 channel with typed calls; every failure leaves as `GrpcFailure`. */
export class GrpcChannel {
  private readonly client: Client;
  private readonly baseHeaders: Readonly<Record<string, string>>;
  private isClosed = false;

  constructor(connection: ConnectionSettings) {
    const channelCredentials = connection.useSsl ? credentials.createSsl() : credentials.createInsecure();
    const authorization =
      connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` };
    this.baseHeaders = { ...connection.headers, ...authorization };
    this.client = new Client(`${connection.host}:${String(connection.port)}`, channelCredentials, {
      'grpc.max_receive_message_length': connection.maxMessageBytes,
      'grpc.max_send_message_length': connection.maxMessageBytes,
      // A restarted server must be found again within seconds; grpc-js would back off up to two minutes.
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 3_000,
    });
  }

  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    options: RpcOptions,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted === true || this.isClosed) {
        reject(this.isClosed ? closedOnThisSide() : canceledBeforeSending());
        return;
      }
      const cancel = (): void => {
        call.cancel();
      };
      const settle = (error: ServiceError | null, response?: MessageShape<O>): void => {
        options.signal?.removeEventListener('abort', cancel);
        if (error !== null) reject(grpcFailureOf(error));
        else if (response === undefined)
          reject(new GrpcFailure(status.INTERNAL, 'empty answer', undefined, undefined));
        else resolve(response);
      };
      const call = this.client.makeUnaryRequest(
        pathOf(method),
        (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
        (bytes: Buffer) => fromBinary(method.output, bytes),
        request,
        this.metadata(options.headers),
        callOptions(options),
        settle,
      );
      options.signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageShape<I>,
    options: RpcOptions,
  ): ResponseStream<MessageShape<O>> {
    if (this.isClosed) throw closedOnThisSide();
    const call = this.client.makeServerStreamRequest(
      pathOf(method),
      (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
      (bytes: Buffer) => fromBinary(method.output, bytes),
      request,
      this.metadata(options.headers),
      callOptions(options),
    );
    // cancel() makes grpc-js emit an error after the last reader has gone; without a listener that ends the process.
    call.on('error', () => undefined);
    const iterator: AsyncIterator<MessageShape<O>> = call[Symbol.asyncIterator]();
    return {
      next: async () => {
        try {
          const step = await iterator.next();
          return step.done === true ? undefined : step.value;
        } catch (error) {
          throw grpcFailureOf(error as ServiceError);
        }
      },
      cancel: () => {
        call.cancel();
      },
    };
  }

  /** Closes the connection; calls under way fail. */
  close(): void {
    this.isClosed = true;
    this.client.close();
  }

  private metadata(headers: Readonly<Record<string, string>>): Metadata {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries({ ...this.baseHeaders, ...headers }))
      metadata.set(name, value);
    return metadata;
  }
}

/** grpc-js itself throws a plain error on a closed channel, which no caller could tell from a defect. */
function closedOnThisSide(): GrpcFailure {
  return new GrpcFailure(status.CANCELLED, 'the session is closed on this side', undefined, undefined);
}

function pathOf(method: { readonly name: string; readonly parent: { readonly typeName: string } }): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function callOptions(options: RpcOptions): CallOptions {
  return options.deadlineAt === undefined ? {} : { deadline: options.deadlineAt };
}

function canceledBeforeSending(): GrpcFailure {
  return new GrpcFailure(status.CANCELLED, 'canceled before it was sent', undefined, undefined);
}
