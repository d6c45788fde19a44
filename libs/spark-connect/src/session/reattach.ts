import { DataFrame } from '../dataframe/dataframe';
import type { ActionOptions } from '../execute/action-options';
import { ArrowBatches } from '../execute/arrow-batches';
import { operationIdOf } from '../execute/option-checks';
import type { ExecutePlanResponse } from '../generated/spark/connect/base_pb';
import { relationOf } from '../plan/relation';
import { startedQuery } from '../streaming/data-stream-writer';
import type { StreamingQuery } from '../streaming/streaming-query';
import type { Row } from '../types/row';
import { arrowBatchesOf, responsesOf, rowsOfBatch } from './plan-results';
import type { SparkConnectClient } from './spark-connect-client';
import { withNewPlanId } from './sql';

/** How an execution is adopted. */
export interface ReattachOptions extends Omit<ActionOptions, 'operationId' | 'tags'> {
  /**
   * The last response the earlier process consumed (`onConsumed`); without it the execution is read from its beginning, which fails with
   * the error class `INVALID_CURSOR.POSITION_NOT_AVAILABLE` where that has been consumed and released.
   */
  readonly lastResponseId?: string | undefined;
  /** On abort the adopted execution itself is interrupted and released, unless `onAbort` says otherwise. */
  readonly signal?: AbortSignal | undefined;
  /** On expiry as on an abort: the adopted execution itself is interrupted and released, unless `onAbort` says otherwise. */
  readonly deadlineMs?: number | undefined;
  /**
   * What an abort and the deadline do. `interrupt` (default) ends the execution. `detach` only stops waiting, with the same error: the
   * execution goes on and can be adopted again. `close()` of the session, too, leaves without interrupting.
   */
  readonly onAbort?: 'interrupt' | 'detach' | undefined;
}

/** How an adopted execution ended: what the call that sent it would have returned. */
export interface ReattachedExecution {
  readonly operationId: string;
  /** The rows of its result; empty for a write and for every command. */
  readonly rows: readonly Row[];
  /** What `spark.sql` or `checkpoint` would have returned. */
  readonly dataFrame?: DataFrame | undefined;
  /** What the `start` of a stream would have returned. */
  readonly streamingQuery?: StreamingQuery | undefined;
}

type ResponseType = ExecutePlanResponse['responseType'];

/**
 * Adopts an execution by its id and waits for its end. Never executes anything: what the server does not know is an error.
 * An execution whose rows an earlier process has consumed in part can only be continued from `lastResponseId`.
 */
export async function reattachExecution(
  client: SparkConnectClient,
  operationId: string,
  options: ReattachOptions,
): Promise<ReattachedExecution> {
  const rows: Row[] = [];
  let results: Partial<ReattachedExecution> = {};
  const batches = batchesAfter(options);
  for await (const { responseType } of adoptedResponses(client, operationId, options)) {
    const batch = responseType.case === 'arrowBatch' ? batches.accept(responseType.value) : undefined;
    if (batch !== undefined) for (const row of rowsOfBatch(batch)) rows.push(row);
    results = { ...results, ...resultOf(client, responseType) };
  }
  batches.end();
  return { ...results, operationId: operationIdOf(operationId), rows };
}

/** As `reattachExecution`; the rows one by one. */
export async function* reattachedRows(
  client: SparkConnectClient,
  operationId: string,
  options: ReattachOptions,
): AsyncGenerator<Row, void, undefined> {
  const responses = adoptedResponses(client, operationId, options);
  for await (const batch of arrowBatchesOf(responses, batchesAfter(options))) yield* rowsOfBatch(batch);
}

function adoptedResponses(client: SparkConnectClient, operationId: string, options: ReattachOptions) {
  const { lastResponseId, onAbort } = options;
  return responsesOf(client, { adopt: { lastResponseId, onAbort } }, { ...options, operationId });
}

/** What came before the last response was counted by the earlier process: the first batch may then begin anywhere. */
function batchesAfter({ lastResponseId }: ReattachOptions): ArrowBatches {
  return lastResponseId === undefined ? new ArrowBatches() : new ArrowBatches(null);
}

function resultOf(
  client: SparkConnectClient,
  { case: kind, value }: ResponseType,
): Partial<ReattachedExecution> {
  switch (kind) {
    case 'sqlCommandResult':
      return value.relation === undefined
        ? {}
        : { dataFrame: new DataFrame(client, withNewPlanId(value.relation)) };
    case 'checkpointCommandResult': {
      if (value.relation === undefined) return {};
      const relation = relationOf({ case: 'cachedRemoteRelation', value: value.relation });
      return { dataFrame: new DataFrame(client, relation) };
    }
    case 'writeStreamOperationStartResult':
      return { streamingQuery: startedQuery(client, value) };
    default:
      return {};
  }
}
