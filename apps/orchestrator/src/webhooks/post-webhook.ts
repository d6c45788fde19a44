import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** More of an answer is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface WebhookPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends one message and gives the HTTP status of the answer. Redirects are not followed, and what the answer says is
 * dropped.
 * @throws the error of the connection, or an AbortError.
 */
export async function postWebhook({ url, headers, body }: WebhookPost, signal: AbortSignal): Promise<number> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // A connection of its own: messages are rare, and a kept one may have been closed by the other side.
    const request = send(url, { method: 'POST', agent: false, signal, headers: allHeaders(headers, body) });
    request.on('response', resolve).on('error', reject);
    request.end(body);
  });
  await drop(response);
  return response.statusCode ?? 0;
}

function allHeaders(headers: WebhookPost['headers'], body: string): Record<string, string> {
  return {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'millrace-webhooks',
  };
}

/** Reads on for the sake of receivers that fail when nobody listens; the status has told everything. */
async function drop(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      // Leaving the loop closes the connection.
      if (bytes > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // Half of an answer is enough.
  }
}
