import { request } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One event as a client of the stream gets it. */
export interface ReceivedEvent {
  readonly id: number | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of server-sent events on a real socket. */
export class EventClient {
  readonly events: ReceivedEvent[] = [];
  readonly comments: string[] = [];
  hasEnded = false;
  private text = '';
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly sent: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    const changed = () => {
      for (const wake of this.waiting.splice(0)) wake();
    };
    response.setEncoding('utf8').on('data', (chunk: string) => {
      this.take(chunk);
      changed();
    });
    // A connection that is cut off: specs see it by `hasEnded` too.
    response.on('error', () => undefined);
    response.on('close', () => {
      this.hasEnded = true;
      changed();
    });
  }

  static open(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { agent: false, headers }, (response) => {
        resolve(new EventClient(sent, response));
      });
      sent.on('error', reject).end();
    });
  }

  get status(): number | undefined {
    return this.response.statusCode;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  get ids(): (number | undefined)[] {
    return this.events.map(({ id }) => id);
  }

  get body(): string {
    return this.text;
  }

  /** Resolves when the condition holds; fails when the stream ends before. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.hasEnded) throw new Error(`The stream ended before that: ${JSON.stringify(this.events)}`);
      await this.change();
    }
  }

  async untilEnd(): Promise<void> {
    while (!this.hasEnded) await this.change();
  }

  /** Stops to read, as a client that hangs. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.sent.destroy();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private take(chunk: string): void {
    this.text += chunk;
    if (!String(this.headers['content-type']).startsWith('text/event-stream')) return;
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) this.takeBlock(block);
  }

  private takeBlock(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      if (name === '') this.comments.push(value);
      else fields.set(name, value);
    }
    const event = fields.get('event');
    if (event === undefined) return;
    const id = fields.get('id');
    const data = JSON.parse(fields.get('data') ?? '{}') as ReceivedEvent['data'];
    this.events.push({ id: id === undefined ? undefined : Number(id), event, data });
  }
}
