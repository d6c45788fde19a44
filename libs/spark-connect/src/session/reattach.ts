import type { ActionOptions } from '../execute/action-options';
import { rowsOfBatch, responsesOf } from './plan-results';
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
  const target = { adopt: { lastResponseId: options.lastResponseId } };
  for await (const { responseType } of responsesOf(client, target, { ...options, operationId })) {
    if (responseType.case === 'arrowBatch') rows.push(...rowsOfBatch(responseType.value));
  }
  return { operationId, rows };
}
