import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';

/** A client with one connection, which it keeps. */
export class KeptConnection {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly url: string) {}

  /**
   * The answer once it begins, its body unread.
   *
   * @throws Error for any status but 200.
   */
  async open(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${this.url}${path}`, { agent: this.agent, ...(signal && { signal }) }, resolve).on(
        'error',
        reject,
      );
    });
    if (response.statusCode === 200) return response;
    throw new Error(`HTTP ${String(response.statusCode)}: ${await textOf(response)}`);
  }

  close(): void {
    this.agent.destroy();
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
