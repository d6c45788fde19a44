import type { ActionOptions } from '../execute/action-options';
import { ArrowBatches } from '../execute/arrow-batches';
import { arrowBatchesOf, responsesOf, rowsOfBatch } from './plan-results';
import type { SparkConnectClient } from './spark-connect-client';
import type { Row } from '../types/row';

export interface ReattachOptions extends Omit<ActionOptions, 'operationId' | 'tags'> {
  /** The last response the earlier process consumed; without it the execution is read from its beginning. */
  readonly lastResponseId?: string | undefined;
}

/** How an adopted execution ended. */
export interface ReattachedExecution {
  readonly operationId: string;
  /** The rows of its result; empty for a write. */
  readonly rows: readonly Row[];
}

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
  const { lastResponseId } = options;
  const responses = responsesOf(client, { adopt: { lastResponseId } }, { ...options, operationId });
  // What came before the last response was counted by the earlier process: the first batch may begin anywhere.
  const batches = lastResponseId === undefined ? new ArrowBatches() : new ArrowBatches(null);
  for await (const batch of arrowBatchesOf(responses, batches)) {
    for (const row of rowsOfBatch(batch)) rows.push(row);
  }
  return { operationId, rows };
}
