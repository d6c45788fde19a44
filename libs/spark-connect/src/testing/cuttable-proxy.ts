import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy whose connections a test can break at will. */
export class CuttableProxy {
  private readonly sockets = new Set<Socket>();
  private bytesToClient = 0;
  private limitBytes = Number.POSITIVE_INFINITY;
  /** How many times connections have been broken. */
  cuts = 0;

  private constructor(private readonly server: Server) {}

  static async to(host: string, port: number): Promise<CuttableProxy> {
    const server = createServer();
    const proxy = new CuttableProxy(server);
    server.on('connection', (client) => {
      proxy.join(client, connect(port, host));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection now. */
  cut(): void {
    this.cuts += 1;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Breaks every connection each time so many bytes have gone to the client. */
  cutEvery(bytes: number): void {
    this.bytesToClient = 0;
    this.limitBytes = bytes;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(client: Socket, upstream: Socket): void {
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      client.write(chunk);
      this.bytesToClient += chunk.length;
      if (this.bytesToClient < this.limitBytes) return;
      this.bytesToClient = 0;
      this.cut();
    });
  }
}
