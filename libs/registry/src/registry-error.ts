import { ServiceUnavailable } from '@millrace/domain';

/** Socket and name errors of Node. */
const SOCKET_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATEs of a server that cannot answer now: connection exceptions (class 08), too many connections, a statement
 * that was cut off by its timeout, a server that starts, stops or crashed.
 */
const SQL_STATE = /^(08...|53300|57014|57P0[1-5])$/;

/** Prisma's own codes for the same. */
const PRISMA_CODES: ReadonlySet<string> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);

/** Failures of `pg` and `pg-pool` that carry no code, only a text. */
const DRIVER_MESSAGE =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|connection error and is not queryable|Client was closed|timeout expired|after calling end on the pool/;

/** An error, or what Prisma's adapter keeps of one. */
interface Link {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/** By shape, not by `instanceof`: errors of Node's sockets are of another realm than ours under Jest. */
const isLink = (value: unknown): value is Link => typeof value === 'object' && value !== null;

function isOneOfThem({ code, message }: Link): boolean {
  if (
    typeof code === 'string' &&
    (SOCKET_CODES.has(code) || SQL_STATE.test(code) || PRISMA_CODES.has(code))
  ) {
    return true;
  }
  return typeof message === 'string' && DRIVER_MESSAGE.test(message);
}

/** True when Postgres could not be asked, as opposed to an answer that we do not like. */
export function isConnectionFailure(error: unknown): boolean {
  for (let link = error; isLink(link); link = link.cause ?? link.meta?.driverAdapterError) {
    if (isOneOfThem(link)) return true;
  }
  return false;
}

/** @throws ServiceUnavailable when Postgres cannot be reached or does not answer in time; else what `work` throws. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isConnectionFailure(error)) throw error;
    throw new ServiceUnavailable('The registry (Postgres) does not answer', { cause: error });
  }
}

/** SQLSTATE of an answer of Postgres, or the code of an error of Node. */
export function codeOf(error: unknown): string | undefined {
  return isLink(error) && typeof error.code === 'string' ? error.code : undefined;
}
