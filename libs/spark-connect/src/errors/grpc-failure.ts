import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { status, type ServiceError } from '@grpc/grpc-js';
import { ErrorInfoSchema, RetryInfoSchema, type ErrorInfo } from '../generated/google/rpc/error_details_pb';
import { StatusSchema, type Status } from '../generated/google/rpc/status_pb';

const DETAILS_TRAILER = 'grpc-status-details-bin';
const MAX_SERVER_DELAY_MS = 600_000;

// What grpc-js and OpenSSL say; there is no code for either.
const TLS_REFUSAL = /No connection established.*(?:certificate|altname|SSL routines|ERR_TLS|ERR_SSL)/is;
// The last one: the first bytes of a web page, read as the length of a message.
const OTHER_PROTOCOL =
  /No connection established.*Protocol error|^Received HTTP status code (?!401|403|429|50[234])|^Received message larger than max \(\d{10}/is;

/** A gRPC call that ended with a status other than OK; internal, public errors are made from it. */
export class GrpcFailure extends Error {
  constructor(
    /** gRPC status number. */
    readonly grpcCode: status,
    message: string,
    readonly errorInfo: ErrorInfo | undefined,
    /** Wait the server asked for (`google.rpc.RetryInfo`), capped at ten minutes. */
    readonly retryDelayMs: number | undefined,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'GrpcFailure';
  }

  /** Why repeating cannot help although the connection failed: the peer is no gRPC server, or TLS refused it. */
  get peerFault(): 'not-grpc' | 'tls' | undefined {
    if (TLS_REFUSAL.test(this.message)) return 'tls';
    return OTHER_PROTOCOL.test(this.message) ? 'not-grpc' : undefined;
  }

  /** Spark's error class: from the details, else from the `[CLASS]` prefix every Spark message carries. */
  get errorClass(): string | undefined {
    const declared = this.errorInfo?.metadata['errorClass'];
    return declared ?? /^\[([A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]/.exec(this.message)?.[1];
  }
}

/** A response stream on which nothing came for too long: the server may be dead, or have nothing to say. */
export class SilentStream extends GrpcFailure {
  constructor(idleTimeoutMs: number) {
    const message = `the response stream said nothing for ${String(idleTimeoutMs)} ms`;
    super(status.UNAVAILABLE, message, undefined, undefined);
  }
}

/** The failure of a call that the caller's signal ended. */
export function abortedCall(signal: AbortSignal | undefined): GrpcFailure {
  return new GrpcFailure(status.CANCELLED, 'the operation was aborted', undefined, undefined, signal?.reason);
}

/** Reads what grpc-js reports about a failed call, including the rich status of the trailer. */
export function grpcFailureOf(error: ServiceError): GrpcFailure {
  const rich = decodeStatus(error);
  const errorInfo = findDetail(rich, ErrorInfoSchema);
  return new GrpcFailure(error.code, messageOf(error, rich), errorInfo, retryDelayMs(rich), error);
}

function messageOf(error: ServiceError, rich: Status | undefined): string {
  if (rich !== undefined && rich.message.length > 0) return rich.message;
  return error.details.length > 0 ? error.details : error.message;
}

function decodeStatus(error: ServiceError): Status | undefined {
  // A status made on this side (connection refused, deadline) may come without metadata.
  const trailer = (error.metadata as ServiceError['metadata'] | undefined)?.get(DETAILS_TRAILER)[0];
  if (!(trailer instanceof Uint8Array)) return undefined;
  return decodeOrUndefined(StatusSchema, trailer);
}

function findDetail<Desc extends DescMessage>(
  rich: Status | undefined,
  schema: Desc,
): MessageShape<Desc> | undefined {
  const isWanted = (detail: Any): boolean => detail.typeUrl.endsWith(`/${schema.typeName}`);
  const detail = rich?.details.find(isWanted);
  return detail === undefined ? undefined : decodeOrUndefined(schema, detail.value);
}

function decodeOrUndefined<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
): MessageShape<Desc> | undefined {
  try {
    return fromBinary(schema, bytes);
  } catch {
    // A proxy may garble or cut the trailer; the plain status still tells the failure.
    return undefined;
  }
}

function retryDelayMs(rich: Status | undefined): number | undefined {
  const retryInfo = findDetail(rich, RetryInfoSchema);
  if (retryInfo === undefined) return undefined;
  const seconds = Number(retryInfo.retryDelay?.seconds ?? 0n);
  const nanos = retryInfo.retryDelay?.nanos ?? 0;
  return Math.min(seconds * 1000 + nanos / 1e6, MAX_SERVER_DELAY_MS);
}
