import { once } from 'node:events';
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** What the relay does with a call instead of handing it on. */
export interface RefusedCall {
  readonly grpcStatus: number;
  readonly message: string;
}

/**
 * A relay between a client and a real server that knows calls: it counts them by method and can answer some by itself.
 * (`CuttableProxy` knows only bytes.)
 */
export class RpcRelay {
  private readonly counts = new Map<string, number>();
  private readonly refusals = new Map<string, { left: number; readonly answer: RefusedCall }>();
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(
    private readonly server: Http2Server,
    private readonly upstream: ClientHttp2Session,
  ) {}

  static async to(host: string, port: number): Promise<RpcRelay> {
    const server = createServer();
    const relay = new RpcRelay(server, connect(`http://${host}:${String(port)}`));
    relay.upstream.on('error', () => undefined);
    server.on('session', (session) => {
      relay.sessions.add(session);
      session.on('error', () => undefined);
    });
    server.on('stream', (stream, headers) => {
      relay.handle(stream, headers);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many calls of a method (`ReattachExecute`) have come. */
  calls(method: string): number {
    return this.counts.get(method) ?? 0;
  }

  /** Answers the next calls of a method with a failure; the server never sees them. */
  refuse(method: string, times: number, answer: RefusedCall): void {
    this.refusals.set(method, { left: times, answer });
  }

  close(): void {
    for (const session of this.sessions) session.destroy();
    this.server.close();
    this.upstream.destroy();
  }

  private handle(down: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const method = String(headers[constants.HTTP2_HEADER_PATH]).split('/').at(-1) ?? '';
    this.counts.set(method, this.calls(method) + 1);
    down.on('error', () => undefined);
    const refusal = this.refusals.get(method);
    if (refusal !== undefined && refusal.left > 0) {
      refusal.left -= 1;
      refuse(down, refusal.answer);
    } else {
      this.relay(down, headers);
    }
  }

  private relay(down: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const up = this.upstream.request(headers);
    up.on('error', () => undefined);
    let trailers: IncomingHttpHeaders = {};
    up.on('response', (answer, flags) => {
      if (down.destroyed) return;
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      down.respond(answer, { endStream, waitForTrailers: !endStream });
      if (!endStream) up.pipe(down);
    });
    up.on('trailers', (sent: IncomingHttpHeaders) => {
      trailers = sent;
    });
    down.on('wantTrailers', () => {
      down.sendTrailers(trailers);
    });
    down.pipe(up);
    down.on('close', () => {
      up.close(constants.NGHTTP2_CANCEL);
    });
    up.on('close', () => {
      // The server went away in the middle of an answer.
      if (!down.writableEnded) down.close(constants.NGHTTP2_INTERNAL_ERROR);
    });
  }
}

function refuse(stream: ServerHttp2Stream, { grpcStatus, message }: RefusedCall): void {
  stream.resume();
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': grpcStatus,
      'grpc-message': message,
    },
    { endStream: true },
  );
}
