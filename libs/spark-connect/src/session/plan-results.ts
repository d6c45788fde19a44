import { randomUUID } from 'node:crypto';
import { decodeRows } from '../arrow/arrow-decoder';
import { Observation } from '../dataframe/observation';
import { ProtocolError } from '../errors/spark-connect-error';
import { ArrowBatches } from '../execute/arrow-batches';
import { endsBatch } from '../execute/arrow-chunk-fields';
import { runCallbackOfAction } from '../execute/caller-callbacks';
import { operationIdOf } from '../execute/option-checks';
import type { ActionOptions, ExecutionProgress, ObservedMetrics } from '../execute/action-options';
import type {
  ExecutePlanResponse,
  ExecutePlanResponse_ArrowBatch,
  ExecutePlanResponse_ExecutionProgress,
  ExecutePlanResponse_ObservedMetrics,
  Plan,
} from '../generated/spark/connect/base_pb';
import { literalToValue } from '../plan/literal-value';
import { valueIf, type CaseOf, type ValueOf } from '../plan/one-of';
import type { Row } from '../types/row';
import type { ExecutionTarget, IdentifiedOptions } from './execution-calls';
import { executeReattachable } from './plan-execution';
import type { SparkConnectClient } from './spark-connect-client';

/** Runs a target and reports progress and metrics to the caller's functions; yields every response. */
export async function* responsesOf(
  client: SparkConnectClient,
  target: ExecutionTarget,
  options: ActionOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  const isAdoptable = options.operationId !== undefined;
  const operationId = options.operationId === undefined ? randomUUID() : operationIdOf(options.operationId);
  const identified = { ...options, operationId, isAdoptable };
  for await (const response of executeReattachable(client, target, identified)) {
    for (const metrics of response.observedMetrics) reportMetrics(metrics, identified);
    if (response.responseType.case === 'executionProgress') {
      reportProgress(response.responseType.value, identified);
    }
    yield response;
    const batch = valueIf(response.responseType, 'arrowBatch');
    if (batch !== undefined && endsBatch(batch)) await options.onConsumed?.(response.responseId);
  }
}

/** Runs a plan to its end and returns the responses of one kind. */
export async function runForResponses<Case extends CaseOf<ExecutePlanResponse['responseType']>>(
  client: SparkConnectClient,
  plan: Plan,
  options: ActionOptions,
  wanted: Case,
): Promise<ValueOf<ExecutePlanResponse['responseType'], Case>[]> {
  const found: ValueOf<ExecutePlanResponse['responseType'], Case>[] = [];
  for await (const { responseType } of responsesOf(client, { plan }, options)) {
    const value = valueIf(responseType, wanted);
    if (value !== undefined) found.push(value);
  }
  return found;
}

/** Runs a plan to its end for its effect. */
export async function runCommand(
  client: SparkConnectClient,
  plan: Plan,
  options: ActionOptions = {},
): Promise<void> {
  await runForResponses(client, plan, options, 'resultComplete');
}

/** The Arrow batches of a result, whole, and checked to be complete and in order. */
export async function* arrowBatchesOf(
  responses: AsyncIterable<ExecutePlanResponse>,
  batches: ArrowBatches = new ArrowBatches(),
): AsyncGenerator<ExecutePlanResponse_ArrowBatch, void, undefined> {
  for await (const { responseType } of responses) {
    const batch = responseType.case === 'arrowBatch' ? batches.accept(responseType.value) : undefined;
    if (batch !== undefined) yield batch;
  }
  batches.end();
}

/** The rows of one batch. */
export function rowsOfBatch(batch: ExecutePlanResponse_ArrowBatch): Row[] {
  const rows = decodeRows(batch.data);
  if (BigInt(rows.length) !== batch.rowCount) {
    throw new ProtocolError(`a batch of ${String(batch.rowCount)} rows held ${String(rows.length)}`);
  }
  return rows;
}

function reportProgress(
  progress: ExecutePlanResponse_ExecutionProgress,
  { operationId, onProgress }: IdentifiedOptions,
): void {
  runCallbackOfAction('onProgress', operationId, () => onProgress?.(progressOf(operationId, progress)));
}

function progressOf(operationId: string, progress: ExecutePlanResponse_ExecutionProgress): ExecutionProgress {
  return {
    operationId,
    numInflightTasks: Number(progress.numInflightTasks),
    stages: progress.stages.map((stage) => ({
      stageId: Number(stage.stageId),
      numTasks: Number(stage.numTasks),
      numCompletedTasks: Number(stage.numCompletedTasks),
      inputBytesRead: Number(stage.inputBytesRead),
      done: stage.done,
    })),
  };
}

function reportMetrics(
  metrics: ExecutePlanResponse_ObservedMetrics,
  { operationId, onObservedMetrics }: IdentifiedOptions,
): void {
  const observed = observedMetricsOf(metrics);
  Observation.deliver(metrics.planId, observed.values);
  runCallbackOfAction('onObservedMetrics', operationId, () => onObservedMetrics?.(observed));
}

function observedMetricsOf(metrics: ExecutePlanResponse_ObservedMetrics): ObservedMetrics {
  const entries = metrics.values.map(
    (value, at) => [metrics.keys[at] ?? `_${String(at)}`, literalToValue(value)] as const,
  );
  return { name: metrics.name, values: Object.fromEntries(entries) };
}
