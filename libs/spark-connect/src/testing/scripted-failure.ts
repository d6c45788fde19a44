import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, status } from '@grpc/grpc-js';
import { ErrorInfoSchema, RetryInfoSchema } from '../generated/google/rpc/error_details_pb';
import { StatusSchema } from '../generated/google/rpc/status_pb';

/** A gRPC failure with Spark's details. */
export interface ScriptedFailure {
  readonly code: status;
  readonly message: string;
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryDelayMs?: number;
}

/** The failure as grpc-js sends it, with the trailer `grpc-status-details-bin`. */
export function serviceErrorOf(failure: ScriptedFailure): Error {
  const info = create(ErrorInfoSchema, {
    reason: failure.reason ?? '',
    domain: 'org.apache.spark',
    metadata: { ...failure.metadata },
  });
  const { retryDelayMs } = failure;
  const retry = create(RetryInfoSchema, { retryDelay: durationOf(retryDelayMs ?? 0) });
  const details = [
    anyPack(ErrorInfoSchema, info),
    ...(retryDelayMs === undefined ? [] : [anyPack(RetryInfoSchema, retry)]),
  ];
  const rich = create(StatusSchema, { code: failure.code, message: failure.message, details });
  const metadata = new Metadata();
  if (failure.metadata !== undefined || retryDelayMs !== undefined) {
    metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, rich)));
  }
  return Object.assign(new Error(failure.message), {
    code: failure.code,
    details: failure.message,
    metadata,
  });
}

function durationOf(ms: number) {
  return { seconds: BigInt(Math.floor(ms / 1_000)), nanos: (ms % 1_000) * 1e6 };
}

export const UNAVAILABLE: ScriptedFailure = { code: status.UNAVAILABLE, message: 'connection lost' };

/** One of Spark's `INVALID_HANDLE.*` errors. */
export function invalidHandle(kind: string): ScriptedFailure {
  return {
    code: status.INTERNAL,
    message: `[INVALID_HANDLE.${kind}] The handle is invalid.`,
    metadata: { errorClass: `INVALID_HANDLE.${kind}`, sqlState: 'HY000' },
  };
}
