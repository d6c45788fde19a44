import { status, type ServiceError } from '@grpc/grpc-js';
import { GrpcFailure, SilentStream, abortedCall, grpcFailureOf } from '../errors/grpc-failure';
import { onAbort } from './abort-listeners';
import type { Connection } from './connection';
import { startTimer } from './timer';

/** What bounds a call from this side. */
export interface CallBounds {
  readonly signal?: AbortSignal | undefined;
  readonly connectTimeoutMs: number;
  /** Replaces the connection, because nothing has been heard on it. */
  readonly onDeadConnection: () => void;
}

/**
 * Watches over one call: ends it on abort, when no connection is made in time, or when its stream falls silent, and tells afterwards why
 * it failed. After `done` no timer and no listener of it is left.
 */
export class CallWatch {
  private readonly startedAt = performance.now();
  private readonly stopListening: () => void;
  private readonly connectTimer: NodeJS.Timeout | undefined;
  private ownReason: GrpcFailure | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly call: { cancel(): void },
    private readonly bounds: CallBounds,
  ) {
    connection.add(this);
    this.stopListening = onAbort(bounds.signal, () => {
      this.ownReason ??= abortedCall(bounds.signal);
      this.cancel();
    });
    if (!connection.isReady) this.connectTimer = startTimer(this.giveUpConnecting, bounds.connectTimeoutMs);
  }

  cancel(): void {
    this.call.cancel();
  }

  /** A message came. */
  heard(): void {
    this.connection.heard();
    clearTimeout(this.connectTimer);
  }

  /** The stream has brought nothing for too long. */
  fellSilent(idleTimeoutMs: number): void {
    this.end(new SilentStream(idleTimeoutMs));
    this.suspectConnection(performance.now() - idleTimeoutMs);
  }

  /** Why the call failed, where it was ended from this side; else what the server or the transport said. */
  failureOf(error: ServiceError): GrpcFailure {
    if (this.ownReason !== undefined) return this.ownReason;
    if (error.code === status.DEADLINE_EXCEEDED) return this.missedDeadline(error);
    return grpcFailureOf(error);
  }

  done(): void {
    clearTimeout(this.connectTimer);
    this.stopListening();
    this.connection.remove(this);
  }

  // grpc-js waits for ever where a port accepts and says nothing: neither connecting nor the HTTP/2 handshake has a limit of its own.
  private readonly giveUpConnecting = (): void => {
    if (this.connection.isReady) return;
    this.end(unavailable(noConnection(this.bounds.connectTimeoutMs)));
    this.bounds.onDeadConnection();
  };

  private end(reason: GrpcFailure): void {
    this.ownReason ??= reason;
    this.call.cancel();
  }

  private missedDeadline(error: ServiceError): GrpcFailure {
    const wasConnected = this.connection.isReady;
    this.suspectConnection(this.startedAt);
    if (wasConnected) return grpcFailureOf(error);
    const waitedMs = Math.round(performance.now() - this.startedAt);
    return unavailable(noConnection(waitedMs), error);
  }

  private suspectConnection(silentSince: number): void {
    if (!this.connection.hasHeardSince(silentSince)) this.bounds.onDeadConnection();
  }
}

function unavailable(message: string, cause?: unknown): GrpcFailure {
  return new GrpcFailure(status.UNAVAILABLE, message, undefined, undefined, cause);
}

function noConnection(waitedMs: number): string {
  return `no connection within ${String(waitedMs)} ms`;
}
