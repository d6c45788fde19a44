import { refuseWrongValue, requestHeaders } from './request-headers';
import { isUuid } from './uuid';

/** What an `sc://` connection string says; see Spark's `client-connection-string.md`. */
export interface ConnectionSettings {
  readonly host: string;
  /** Default 15002. */
  readonly port: number;
  readonly userId?: string;
  readonly sessionId?: string;
  /** Sent as `authorization: Bearer <token>`. */
  readonly token?: string;
  readonly useSsl: boolean;
  readonly userAgent?: string;
  /** Both directions, bytes; default 128 MiB as on the server. */
  readonly maxMessageBytes: number;
  /** Every parameter the protocol does not know travels as a request header of that name. */
  readonly headers: Readonly<Record<string, string>>;
}

export const DEFAULT_PORT = 15_002;
export const DEFAULT_MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

/** What the protocol itself knows; any other parameter is a header. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  'user_id',
  'session_id',
  'token',
  'user_agent',
  'use_ssl',
  'grpc_max_message_size',
]);

/**
 * Parses `sc://host[:port][/;key=value;...]`.
 * @throws TypeError naming what is wrong, never echoing values (one may be a token).
 */
export function parseConnectionString(text: string): ConnectionSettings {
  const match = /^sc:\/\/(\[[^\]]+\]|[^:/;\s]+)(?::(\d+))?(?:\/(.*))?$/.exec(text);
  const host = match?.[1];
  if (match === null || host === undefined) {
    throw new TypeError('connection string must look like sc://host:port/;key=value');
  }
  const port = match[2] === undefined ? DEFAULT_PORT : Number(match[2]);
  if (port < 1 || port > 65_535)
    throw new TypeError('connection string: the port must be between 1 and 65535');
  return { host, port, ...settingsOf(parseParameters(match[3] ?? '')) };
}

function parseParameters(text: string): Map<string, string> {
  if (text === '') return new Map();
  if (!text.startsWith(';'))
    throw new TypeError('connection string: a path is not allowed, only /;key=value');
  const parameters = new Map<string, string>();
  for (const part of text.split(';').filter((piece) => piece !== '')) {
    const at = part.indexOf('=');
    if (at < 1) throw new TypeError('connection string: each parameter must be key=value');
    const key = part.slice(0, at);
    // As a header it would be sent and mean nothing.
    if (!KNOWN_KEYS.has(key) && KNOWN_KEYS.has(key.toLowerCase()))
      throw new TypeError(`connection string: write ${key.toLowerCase()} in lower case`);
    parameters.set(key, decode(part.slice(at + 1)));
  }
  return parameters;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new TypeError('connection string: a value is not valid percent-encoding');
  }
}

function settingsOf(parameters: Map<string, string>): Omit<ConnectionSettings, 'host' | 'port'> {
  const take = (key: string): string | undefined => {
    const value = parameters.get(key);
    parameters.delete(key);
    return value;
  };
  const userId = take('user_id');
  const sessionId = take('session_id');
  const token = take('token');
  const userAgent = take('user_agent');
  const useSsl = isTrue(take('use_ssl'));
  const maxMessageBytes = messageBytes(take('grpc_max_message_size'));
  if (sessionId !== undefined && !isUuid(sessionId)) {
    throw new TypeError('connection string: session_id must be a UUID');
  }
  if (token !== undefined) refuseWrongValue('connection string: token', token);
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(token === undefined ? {} : { token }),
    ...(userAgent === undefined ? {} : { userAgent }),
    useSsl,
    maxMessageBytes,
    headers: requestHeaders(parameters),
  };
}

/** What is neither must not end as clear text. */
function isTrue(text = 'false'): boolean {
  const value = text.toLowerCase();
  if (value !== 'true' && value !== 'false')
    throw new TypeError('connection string: use_ssl must be true or false');
  return value === 'true';
}

function messageBytes(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_MESSAGE_BYTES;
  const bytes = Number(text);
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new TypeError('connection string: grpc_max_message_size must be a positive number of bytes');
  }
  return bytes;
}
