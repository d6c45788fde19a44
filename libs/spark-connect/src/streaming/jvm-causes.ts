import { SparkConnectError } from '../errors/spark-connect-error';

const CAUSED_BY = /^Caused by: /m;
const FRAME = /^\t/m;

/**
 * The causes that a JVM stack trace (as `printStackTrace` writes it) names, as a chain of errors: all there is to tell them by, where
 * the protocol carries an exception as text. Undefined when it names none.
 */
export function causeOfStackTrace(stackTrace: string): SparkConnectError | undefined {
  const [, ...sections] = stackTrace.split(CAUSED_BY);
  return sections.reduceRight<SparkConnectError | undefined>(
    (cause, section) => causeOf(section, cause),
    undefined,
  );
}

/** One section: `<class>: [<ERROR_CLASS>] <message> SQLSTATE: <state>`, the message over as many lines as it likes, then the frames. */
function causeOf(section: string, cause: SparkConnectError | undefined): SparkConnectError {
  const frames = section.search(FRAME);
  const title = (frames === -1 ? section : section.slice(0, frames)).trim();
  const [, exceptionClass = title, message = ''] = /^([\w.$]+)(?:: ([^]*))?$/.exec(title) ?? [];
  return new SparkConnectError(message === '' ? exceptionClass : message, {
    exceptionClasses: [exceptionClass],
    errorClass: /^\[([A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]/.exec(message)?.[1],
    sqlState: /SQLSTATE: ([0-9A-Z]{5})/.exec(message)?.[1],
    serverStack: section.trimEnd(),
    cause,
  });
}
