/** The database of a sink cannot take the rows now: another attempt may find it well. */
export class SinkUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SinkUnavailable';
  }
}

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
 * SQLSTATEs that may pass: connection exceptions (08), too many connections, timeouts of a statement, a lock or an idle
 * transaction, a server that starts, stops or crashed, conflicts between transactions.
 */
const SQL_STATE_THAT_MAY_PASS = /^(08...|53300|57014|55P03|25P03|57P0[1-5]|40001|40P01)$/;

/** What `pg` says without a code. */
const DRIVER_MESSAGE = /Connection terminated|Query read timeout|timeout expired|not queryable/;

const CURES: readonly (readonly [sqlState: RegExp, cure: string])[] = [
  [/^28/, 'check JDBC_USER and JDBC_PASSWORD'],
  [/^3D000$/, 'make that database, or correct JDBC_URL'],
  [/^42501$/, 'give JDBC_USER the right to make and write the tables'],
  [/^42(703|804|P10)$/, 'the table is not as this version makes it: rename it, and a new one is made'],
];

/** @param place Of the database, as `host:port`. */
export function sinkFailure(error: unknown, place: string): Error {
  const { code, message } = errorFacts(error);
  // An AggregateError, one for each address of the host, has no message of its own.
  const reason = [code, message].filter((part) => part !== '').join(': ') || 'no reason given';
  if (SOCKET_CODES.has(code) || SQL_STATE_THAT_MAY_PASS.test(code) || DRIVER_MESSAGE.test(message)) {
    return new SinkUnavailable(
      `The database of the sink jdbc does not answer at ${place} (${reason}): ` +
        'start it or correct JDBC_URL, and retry the batch if it has failed',
      { cause: error },
    );
  }
  const cure = CURES.find(([sqlState]) => sqlState.test(code))?.[1] ?? 'mend that';
  return new Error(
    `The database of the sink jdbc at ${place} refuses the analyses (${reason}): ${cure}, and retry the batch`,
    { cause: error },
  );
}

/** By shape, not by `instanceof`: errors of Node's sockets are of another realm than ours under Jest. */
function errorFacts(error: unknown): { readonly code: string; readonly message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
