import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { ProxyLink, type Direction, type Passage } from './proxy-link';

interface Limit {
  leftBytes: number;
  readonly everyBytes: number;
}

const NO_LIMIT: Limit = { leftBytes: Number.POSITIVE_INFINITY, everyBytes: Number.POSITIVE_INFINITY };

/** A TCP proxy whose connections a test can break, freeze and refuse at will. */
export class CuttableProxy {
  /** How many times connections have been broken. */
  cuts = 0;
  /** How many connections have been made through it. */
  connections = 0;
  private server: Server | undefined;
  private ownPort = 0;
  private readonly links = new Set<ProxyLink>();
  private readonly limits: Record<Direction, Limit> = { toClient: NO_LIMIT, toServer: NO_LIMIT };
  private readonly forwarded: Record<Direction, number> = { toClient: 0, toServer: 0 };

  private constructor(
    private readonly host: string,
    private readonly targetPort: number,
  ) {}

  static async to(host: string, port: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(host, port);
    await proxy.listen(0);
    return proxy;
  }

  get port(): number {
    return this.ownPort;
  }

  /** Bytes handed on since the start. */
  bytes(direction: Direction): number {
    return this.forwarded[direction];
  }

  /** Breaks every connection now. */
  cut(): void {
    this.cuts += 1;
    for (const link of this.links) link.destroy();
  }

  /** Breaks every connection each time so many bytes have gone to the client. */
  cutEvery(bytes: number): void {
    this.limits.toClient = { leftBytes: bytes, everyBytes: bytes };
  }

  /** Breaks every connection once, after exactly so many more bytes in that direction; what follows them is lost. */
  cutAfter(bytes: number, direction: Direction = 'toClient'): void {
    this.limits[direction] = { leftBytes: bytes, everyBytes: Number.POSITIVE_INFINITY };
  }

  /** From now on no number of bytes cuts. */
  cutNoMore(): void {
    this.limits.toClient = NO_LIMIT;
    this.limits.toServer = NO_LIMIT;
  }

  /** Breaks every connection, and refuses new ones until `accept`. */
  async refuse(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.close();
    this.cut();
    await once(server, 'close');
  }

  /** Accepts connections again, on the same port. */
  async accept(): Promise<void> {
    if (this.server === undefined) await this.listen(this.port);
  }

  /**
   * The connections of now fall silent without closing, as behind a router that has forgotten them: nothing more comes through in
   * these directions. Connections made later work.
   */
  freeze(...directions: readonly Direction[]): void {
    for (const link of this.links) link.freeze(directions);
  }

  close(): void {
    this.cut();
    this.server?.close();
  }

  private async listen(port: number): Promise<void> {
    const server = createServer((client) => {
      this.connections += 1;
      const upstream = connect(this.targetPort, this.host);
      const link = new ProxyLink(client, upstream, {
        passage: (direction, length) => this.passage(direction, length),
        cut: () => {
          this.cut();
        },
        closed: () => this.links.delete(link),
      });
      this.links.add(link);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    this.ownPort = (server.address() as AddressInfo).port;
  }

  private passage(direction: Direction, length: number): Passage {
    const { leftBytes, everyBytes } = this.limits[direction];
    const thenCut = length >= leftBytes;
    const bytes = thenCut ? leftBytes : length;
    this.forwarded[direction] += bytes;
    this.limits[direction] = { leftBytes: thenCut ? everyBytes : leftBytes - length, everyBytes };
    return { bytes, thenCut };
  }
}
