import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { withRetries } from '../channel/retry';
import { GrpcFailure } from '../errors/grpc-failure';
import { isSparkConnectError } from '../errors/spark-connect-error';
import { ActionLimits } from '../execute/action-limits';
import type { CallOptions } from '../execute/action-options';
import { refuseWrongOptions } from '../execute/option-checks';
import { ReattachableExecution, type Adoption } from '../execute/reattachable-execution';
import { ResponseChecks } from '../execute/response-checks';
import type { ExecutePlanResponse, Plan } from '../generated/spark/connect/base_pb';
import type { CallLimits } from './call-limits';
import { executionCalls, sendPlan, type ExecutionTarget, type IdentifiedOptions } from './execution-calls';
import type { SparkConnectClient } from './spark-connect-client';

/** Runs a plan reattachably; every response once, in order. Failures are public errors. */
export async function* executeReattachable(
  client: SparkConnectClient,
  target: ExecutionTarget,
  options: IdentifiedOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  refuseWrongOptions(options);
  const { operationId } = options;
  // Before anything is awaited: an action has the tags the session had when it was called.
  const tagged = { ...options, tags: client.parts.tags.with(options.tags) };
  const wasClosed = client.parts.channel.closed.aborted;
  const limits = new ActionLimits(options);
  const execution = executionOf(client, target, tagged, limits.signal);
  try {
    // By the deadline itself rather than by its abort, which would hide why the server was not reached.
    await client.prepareFor(target, { signal: options.signal, deadlineMs: options.deadlineMs });
    const checks = new ResponseChecks(operationId);
    for await (const response of execution.responses()) {
      client.checkSession(response);
      checks.check(response);
      yield response;
    }
  } catch (error) {
    if (limits.hasExpired && isCancellation(error)) {
      throw limits.error(client.parts.identity.sessionId, execution.fate);
    }
    const isKnown = 'adopt' in target || !wasClosed;
    const about = { operationId, isAdoptable: isKnown, call: 'ExecutePlan', signal: options.signal };
    throw await client.publicError(error, about);
  } finally {
    limits.dispose();
  }
}

function executionOf(
  client: SparkConnectClient,
  target: ExecutionTarget,
  options: IdentifiedOptions,
  signal: AbortSignal,
): ReattachableExecution {
  return new ReattachableExecution(executionCalls(client, target, { ...options, signal }), {
    policy: client.parts.settings.retryPolicy,
    signal,
    closed: client.parts.channel.closed,
    adopt: adoptionOf(target),
    isAdoptable: options.isAdoptable === true,
  });
}

function adoptionOf(target: ExecutionTarget): Adoption | undefined {
  return 'adopt' in target ? target.adopt : undefined;
}

function isCancellation(error: unknown): boolean {
  if (error instanceof GrpcFailure) return error.grpcCode === status.CANCELLED;
  return isSparkConnectError(error) && error.code === 'OPERATION_CANCELED';
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
  const limits = await client.prepareFor(plan, options);
  try {
    const { channel, settings } = client.parts;
    const bounds = { ...limits, closed: channel.closed };
    return await withRetries(settings.retryPolicy, bounds, () => executeOnce(client, plan, limits));
  } catch (error) {
    throw await client.publicError(error, { call: 'ExecutePlan', signal: options.signal });
  }
}

async function executeOnce(
  client: SparkConnectClient,
  plan: Plan,
  limits: CallLimits,
): Promise<ExecutePlanResponse[]> {
  const operationId = randomUUID();
  const stream = sendPlan(client, plan, { operationId }, { reattachable: false, ...limits });
  const checks = new ResponseChecks(operationId);
  try {
    const responses: ExecutePlanResponse[] = [];
    for (let response = await stream.next(); response !== undefined; response = await stream.next()) {
      client.checkSession(response);
      checks.check(response);
      responses.push(response);
    }
    return responses;
  } finally {
    stream.cancel();
  }
}
