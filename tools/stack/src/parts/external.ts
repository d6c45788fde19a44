import { PartFailure } from '../part-failure';
import { isListening } from '../ports/probe';
import { until } from '../until';

const ANSWER_LIMIT_MS = 15_000;

const USUAL_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'sc:': 15002,
  'kafka:': 9092,
};

/** Host and port of a server's address: a URL, or `host:port` of which a list may be given. */
export function hostAndPort(address: string): { host: string; port: number } {
  const first = address.split(',')[0] ?? address;
  const url = new URL(first.includes('://') ? first : `kafka://${first}`);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (USUAL_PORTS[url.protocol] ?? 0) : Number(url.port),
  };
}

/**
 * Waits for a server of the person's own to accept connections.
 * @throws PartFailure when it does not
 */
export async function requireAnswer(part: string, variable: string, address: string): Promise<void> {
  const { host, port } = hostAndPort(address);
  const what = `${host}:${String(port)} to accept connections`;
  try {
    await until(() => isListening(port, host), { what, limitMs: ANSWER_LIMIT_MS });
  } catch (error) {
    throw new PartFailure(part, `nothing answers at ${host}:${String(port)}`, {
      fix: `start that server, or unset ${variable} to have one started here`,
      error,
    });
  }
}
