import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { ServiceError, status } from '@grpc/grpc-js';
import { ErrorInfoSchema, RetryInfoSchema, type ErrorInfo } from '../generated/google/rpc/error_details_pb';
import { StatusSchema, type Status } from '../generated/google/rpc/status_pb';

const DETAILS_TRAILER = 'grpc-status-details-bin';
const MAX_SERVER_DELAY_MS = 600_000;

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

  /** Spark's error class: from the details, else from the `[CLASS]` prefix every Spark message carries. */
  get errorClass(): string | undefined {
    const declared = this.errorInfo?.metadata['errorClass'];
    return declared ?? /^\[([A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]/.exec(this.message)?.[1];
  }
}

/** Reads what grpc-js reports about a failed call, including the rich status of the trailer. */
export function grpcFailureOf(error: ServiceError): GrpcFailure {
  const status = decodeStatus(error);
  const errorInfo = findDetail(status, ErrorInfoSchema);
  return new GrpcFailure(error.code, messageOf(error, status), errorInfo, retryDelayMs(status), error);
}

function messageOf(error: ServiceError, status: Status | undefined): string {
  if (status !== undefined && status.message.length > 0) return status.message;
  return error.details.length > 0 ? error.details : error.message;
}

function decodeStatus(error: ServiceError): Status | undefined {
  // A status made on this side (connection refused, deadline) may come without metadata.
  const trailer = (error.metadata as ServiceError['metadata'] | undefined)?.get(DETAILS_TRAILER)[0];
  if (!(trailer instanceof Uint8Array)) return undefined;
  return decodeOrUndefined(StatusSchema, trailer);
}

function findDetail<Desc extends DescMessage>(
  status: Status | undefined,
  schema: Desc,
): MessageShape<Desc> | undefined {
  const isWanted = (detail: Any): boolean => detail.typeUrl.endsWith(`/${schema.typeName}`);
  const detail = status?.details.find(isWanted);
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

function retryDelayMs(status: Status | undefined): number | undefined {
  const retryInfo = findDetail(status, RetryInfoSchema);
  if (retryInfo === undefined) return undefined;
  const seconds = Number(retryInfo.retryDelay?.seconds ?? 0n);
  const nanos = retryInfo.retryDelay?.nanos ?? 0;
  return Math.min(seconds * 1000 + nanos / 1e6, MAX_SERVER_DELAY_MS);
}
