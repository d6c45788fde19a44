import type { Socket } from 'node:net';

/** Which way bytes go. */
export type Direction = 'toClient' | 'toServer';

/** How many bytes of a chunk may go on, and whether the connection is to break after them. */
export interface Passage {
  readonly bytes: number;
  readonly thenCut: boolean;
}

/** What a link asks of its proxy. */
export interface LinkOwner {
  passage(direction: Direction, length: number): Passage;
  cut(): void;
  closed(link: ProxyLink): void;
}

/** One connection through a proxy: two sockets, with the pressure of a slow reader handed on to the writer. */
export class ProxyLink {
  private readonly frozen = new Set<Direction>();

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly owner: LinkOwner,
  ) {
    for (const socket of [client, server]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.destroy();
      });
    }
    this.forward('toServer', client, server);
    this.forward('toClient', server, client);
  }

  freeze(directions: readonly Direction[]): void {
    for (const direction of directions) {
      this.frozen.add(direction);
      (direction === 'toServer' ? this.client : this.server).pause();
    }
  }

  destroy(): void {
    this.client.destroy();
    this.server.destroy();
    this.owner.closed(this);
  }

  private forward(direction: Direction, from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      // A chunk may be on its way when the link is frozen.
      if (this.frozen.has(direction)) return;
      const { bytes, thenCut } = this.owner.passage(direction, chunk.length);
      if (thenCut) {
        from.pause();
        // Only what has left this process is sure to reach the other side.
        to.write(chunk.subarray(0, bytes), () => {
          this.owner.cut();
        });
      } else if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => {
          if (!this.frozen.has(direction)) from.resume();
        });
      }
    });
  }
}
