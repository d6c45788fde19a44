import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { withRetries } from '../channel/retry';
import { GrpcFailure } from '../errors/grpc-failure';
import { DeadlineExceededError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';
import { ReattachableExecution } from '../execute/reattachable-execution';
import type { ExecutePlanResponse, Plan } from '../generated/spark/connect/base_pb';
import { executionCalls, sendPlan, type ExecutionTarget, type IdentifiedOptions } from './execution-calls';
import type { SparkConnectClient } from './spark-connect-client';

/** Runs a plan reattachably; every response once, in order. Failures are public errors. */
export async function* executeReattachable(
  client: SparkConnectClient,
  target: ExecutionTarget,
  options: IdentifiedOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  await client.applyInitialConf();
  const limits = new ActionLimits(options);
  const { settings } = client.parts;
  const execution = new ReattachableExecution(executionCalls(client, target, options), {
    policy: settings.retryPolicy,
    idleTimeoutMs: settings.streamIdleTimeoutMs,
    signal: limits.signal,
    adopt: 'adopt' in target ? target.adopt : undefined,
  });
  try {
    for await (const response of execution.responses()) {
      client.checkSession(response);
      yield response;
    }
  } catch (error) {
    if (limits.hasExpired && isCancellation(error)) throw limits.error(client.parts.identity.sessionId);
    throw await client.publicError(error, options.operationId);
  }
}

/** The two ways an action can be ended from this side: the caller's signal and the deadline. */
class ActionLimits {
  readonly signal: AbortSignal | undefined;
  private readonly deadline: AbortSignal | undefined;

  constructor(private readonly options: IdentifiedOptions) {
    const { deadlineMs, signal } = options;
    this.deadline = deadlineMs === undefined ? undefined : AbortSignal.timeout(deadlineMs);
    const signals = [signal, this.deadline].filter((given) => given !== undefined);
    this.signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
  }

  get hasExpired(): boolean {
    return this.deadline?.aborted === true && this.options.signal?.aborted !== true;
  }

  error(sessionId: string): DeadlineExceededError {
    const { operationId, deadlineMs } = this.options;
    const message = `operation ${operationId} did not end within ${String(deadlineMs)} ms and was interrupted`;
    return new DeadlineExceededError(message, { operationId, sessionId });
  }
}

function isCancellation(error: unknown): boolean {
  return error instanceof GrpcFailure && error.grpcCode === status.CANCELLED;
}

/**
 * Runs a read-only command in one plain stream and returns its responses: cheaper than a reattachable execution, and safe to repeat as a
 * whole with a new operation id. Used for status polls.
 */
export async function executePlain(
  client: SparkConnectClient,
  plan: Plan,
  options: CallOptions = {},
): Promise<ExecutePlanResponse[]> {
  await client.applyInitialConf();
  const { settings } = client.parts;
  const deadlineAt = Date.now() + (options.deadlineMs ?? settings.unaryDeadlineMs);
  const bounds = { deadlineAt, signal: options.signal };
  try {
    return await withRetries(settings.retryPolicy, bounds, () => executeOnce(client, plan, bounds));
  } catch (error) {
    throw await client.publicError(error);
  }
}

async function executeOnce(
  client: SparkConnectClient,
  plan: Plan,
  bounds: { readonly deadlineAt: number; readonly signal: AbortSignal | undefined },
): Promise<ExecutePlanResponse[]> {
  const how = { reattachable: false, deadlineAt: bounds.deadlineAt };
  const stream = sendPlan(client, plan, { operationId: randomUUID() }, how);
  const cancel = (): void => {
    stream.cancel();
  };
  if (bounds.signal?.aborted === true) cancel();
  bounds.signal?.addEventListener('abort', cancel, { once: true });
  try {
    const responses: ExecutePlanResponse[] = [];
    for (let response = await stream.next(); response !== undefined; response = await stream.next()) {
      client.checkSession(response);
      responses.push(response);
    }
    return responses;
  } finally {
    bounds.signal?.removeEventListener('abort', cancel);
    cancel();
  }
}
