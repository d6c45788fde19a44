import type { GrpcFailure } from './grpc-failure';
import {
  ClientClosedError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  MessageTooLargeError,
  NotSparkConnectError,
  OperationAlreadyExistsError,
  PermissionDeniedError,
  SessionChangedError,
  SessionClosedError,
  TlsError,
  UnauthenticatedError,
  type SparkConnectError,
  type SparkConnectErrorFacts,
} from './spark-connect-error';

/** One of the public error classes. */
export type ErrorConstructor = new (message: string, facts: SparkConnectErrorFacts) => SparkConnectError;

/** Where the failure happened; becomes part of the public error. */
export interface FailureContext {
  readonly sessionId: string;
  readonly operationId?: string | undefined;
  /** `host:port` of the server. */
  readonly server?: string | undefined;
  /** The RPC, e.g. `AnalyzePlan`. */
  readonly call?: string | undefined;
  /** The session is closed on this side, and the caller did not abort. */
  readonly isClosed?: boolean | undefined;
  /** The session was ended on the server by this side. */
  readonly isReleased?: boolean | undefined;
  /** Can the server have the operation? Default true. */
  readonly isAdoptable?: boolean | undefined;
  /** The requests carry a token. */
  readonly hasToken?: boolean | undefined;
}

type Sentence = (server: string, reason: string, context: FailureContext) => string;

/**
 * What a person needs to know when it was not Spark that refused: the cause and the cure. Spark's own errors keep Spark's own words.
 * Headers never come in here, so that no token can.
 */
const SENTENCES = new Map<ErrorConstructor, Sentence>([
  [
    ClientClosedError,
    (server, _reason, context) =>
      context.isReleased === true
        ? `the session is closed on this side, and was ended on ${server} (stop() or release()) with all that ran in it. Build a new session, with ` +
          'a new session id.'
        : closedSentence(server, context),
  ],
  [
    ConnectionUnavailableError,
    (server, reason) =>
      `${server} cannot be reached (${reason}). Check that a Spark Connect server runs there, that host and port are right, ` +
      'and whether it wants TLS (use_ssl=true).',
  ],
  [
    DeadlineExceededError,
    (server, reason, { call }) =>
      `${server} did not answer${call === undefined ? '' : ` ${call}`} in time (${reason}). Try again, or allow more time: ` +
      'deadlineMs of the call, or the deadlines of clientSettings().',
  ],
  [
    NotSparkConnectError,
    (server, reason) =>
      `${server} answers, but is no Spark Connect server (${reason}). Check host and port: Spark Connect listens on 15002 by default, ` +
      'which is neither the port of the Spark UI nor that of spark:// masters.',
  ],
  [
    TlsError,
    (server, reason) =>
      `no secure connection to ${server} (${reason}). Give the authority that signed the server's certificate to tls({ rootCertificates }), ` +
      'check the host name, or leave use_ssl out where the server speaks clear text.',
  ],
  [
    UnauthenticatedError,
    (server, reason, { hasToken }) =>
      hasToken === true
        ? `${server} refused the token (${reason}). It must be the value of the server's spark.connect.authenticate.token.`
        : `${server} wants a token (${reason}). Give token=... in the connection string: the value of the server's ` +
          'spark.connect.authenticate.token.',
  ],
  [
    PermissionDeniedError,
    (server, reason) =>
      `${server} does not allow this user to do that (${reason}). Check user_id and token of the connection string.`,
  ],
  [
    MessageTooLargeError,
    (server, reason, { call }) =>
      `a message${call === undefined ? '' : ` of ${call}`} to or from ${server} is too large (${reason}). Raise ` +
      'grpc_max_message_size=<bytes> in the connection string and spark.connect.grpc.maxInboundMessageSize on the server, or keep messages ' +
      'small: spark.connect.grpc.arrow.maxBatchSize for results, a table instead of createDataFrame for data.',
  ],
]);

function closedSentence(server: string, { operationId, isAdoptable = true }: FailureContext): string {
  const closed = 'the session is closed on this side (close())';
  if (!isAdoptable)
    return `${closed}: nothing was sent. Build another one; with the same user_id and session_id it is the same session of ${server}.`;
  const adoption =
    operationId === undefined
      ? '.'
      : `, and adopt the execution with reattach('${operationId}') before the server drops it ` +
        '(spark.connect.execute.manager.detachedTimeout, 5 min by default).';
  return (
    `${closed}. Nothing was interrupted: what it had sent to ${server} goes on there. To take it up, build ` +
    `a session with the same user_id and session_id${adoption}`
  );
}

const NEW_SESSION =
  'Its views, confs and running queries are gone: build a new session with a new session id; a streaming query goes on from its ' +
  'checkpoint when it is started again.';

/** Spark 4.0 gives a released session and an expired one the same words, and tells nobody that a stream keeps none alive. */
const WHY_CLOSED =
  'It was released, or no request came for as long as spark.connect.session.manager.defaultSessionTimeout of the server allows: ' +
  'running executions and streaming queries do not count, so send one regularly.';

/** Spark says what became of the session, and neither why nor what to do. */
const CURES = new Map<ErrorConstructor, string>([
  [
    OperationAlreadyExistsError,
    'Something was sent under this operation id before, and the server still has it: adopt it with reattach(operationId), or send this under ' +
      'an id of its own. It was left alone.',
  ],
  [SessionChangedError, NEW_SESSION],
  [SessionClosedError, `${WHY_CLOSED} ${NEW_SESSION}`],
]);

/** The words of a failure, with the cure behind them where Spark leaves it out. */
export function withCure(type: ErrorConstructor, message: string): string {
  const cure = CURES.get(type);
  return cure === undefined ? message : `${message.replace(/\.?$/, '.')} ${cure}`;
}

/** The message of the public error of a failure that carries no words of Spark. */
export function failureMessage(
  type: ErrorConstructor,
  failure: GrpcFailure,
  context: FailureContext,
): string {
  const sentence = SENTENCES.get(type);
  if (sentence === undefined || context.server === undefined || failure.errorClass !== undefined) {
    return failure.message;
  }
  return sentence(context.server, reasonOf(failure.message), context);
}

/** grpc-js wraps the reason in words for its own developers, dates and addresses in memory. */
function reasonOf(message: string): string {
  const reason = /Last error: (.*?)(?:\.? ?Resolution note:.*)?$/s.exec(message)?.[1] ?? message;
  const tidied = reason
    .replace(/^Error(?: \[\w+\])?: /, '')
    .replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)/, '')
    .replace(/^[0-9A-F]+:error:[0-9A-F]+:SSL routines:\w+:([^:]+):.*$/s, 'TLS: $1')
    .trim()
    .replace(/\.$/, '');
  return tidied === '' ? 'no reason given' : tidied;
}
