import { Client, connectivityState, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';

/** A call under way, as its connection sees it. */
export interface OpenCall {
  cancel(): void;
}

/** One HTTP/2 connection to the server, and what is known of its health. */
export class Connection {
  readonly client: Client;
  private readonly openCalls = new Set<OpenCall>();
  private heardAt = 0;
  private onUnused: (() => void) | undefined;

  constructor(address: string, credentials: ChannelCredentials, options: ChannelOptions) {
    this.client = new Client(address, credentials, {
      ...options,
      // The pool of the process would hand a replacement the very connection it is to replace.
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  get isReady(): boolean {
    return this.client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** Something came from the server. */
  heard(): void {
    this.heardAt = performance.now();
  }

  hasHeardSince(time: number): boolean {
    return this.heardAt >= time;
  }

  add(call: OpenCall): void {
    this.openCalls.add(call);
  }

  remove(call: OpenCall): void {
    this.openCalls.delete(call);
    this.hangUpIfUnused();
  }

  /** No more calls are made on it; it hangs up when those under way have ended, and says so. */
  retire(onHungUp: () => void): void {
    this.onUnused = onHungUp;
    this.hangUpIfUnused();
  }

  /** Hangs up now; calls under way fail. */
  close(): void {
    this.onUnused = undefined;
    for (const call of [...this.openCalls]) call.cancel();
    this.client.close();
  }

  private hangUpIfUnused(): void {
    if (this.onUnused === undefined || this.openCalls.size > 0) return;
    this.onUnused();
    this.close();
  }
}
