import { isSparkConnectError } from 'spark-connect-js';
import type { SparkConnectErrorCode, SparkSession } from 'spark-connect-js';

const INTERRUPT_DEADLINE_MS = 10_000;
const END_DEADLINE_MS = 30_000;

/** It was interrupted, is not known any more, or the server that ran it is gone, and the execution with it. */
const ENDED: ReadonlySet<SparkConnectErrorCode> = new Set([
  'OPERATION_CANCELED',
  'OPERATION_NOT_FOUND',
  'SESSION_CHANGED',
  'SESSION_CLOSED',
]);
/** Its own failure, which ends it too. */
const FAILED: ReadonlySet<SparkConnectErrorCode> = new Set([
  'EXECUTION_FAILED',
  'ANALYSIS',
  'STREAMING_QUERY',
]);

/**
 * Ends an execution wherever it is: not yet arrived, running, or ended already. The server's interceptor ends its Spark
 * jobs, those to come included (`infra/spark`), so what is waited for here is its end as Connect tells it.
 * @throws SparkConnectError when the server cannot be asked, or does not say that it has ended.
 */
export async function stopExecution(spark: SparkSession, operationId: string): Promise<void> {
  try {
    await spark.interruptOperation(operationId, { deadlineMs: INTERRUPT_DEADLINE_MS });
    await spark.reattach(operationId, { deadlineMs: END_DEADLINE_MS, onAbort: 'detach' });
  } catch (error) {
    if (!tellsOfItsEnd(error)) throw error;
  }
}

/** Exported for its spec. */
export function tellsOfItsEnd(error: unknown): boolean {
  if (!isSparkConnectError(error)) return false;
  if (ENDED.has(error.code)) return true;
  // Only Spark itself, not what is between, names an error class or an exception of the JVM.
  const isOfSpark = error.errorClass !== undefined || error.exceptionClasses.length > 0;
  return FAILED.has(error.code) && isOfSpark;
}
