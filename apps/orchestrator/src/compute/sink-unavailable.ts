import { isConnectionFailure } from '@millrace/registry';

/** The database of a sink cannot take the rows now: another attempt may find it well. */
export class SinkUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SinkUnavailable';
  }
}

/** SQLSTATEs of answers that may pass: timeouts of a lock or an idle transaction, conflicts between transactions. */
const ANSWERS_THAT_MAY_PASS: ReadonlySet<string> = new Set(['55P03', '25P03', '40001', '40P01']);

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
  if (isConnectionFailure(error) || ANSWERS_THAT_MAY_PASS.has(code)) {
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
