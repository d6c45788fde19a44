import { Conflict } from '@millrace/domain';
import type { AggregateQueryPlan } from '@millrace/pipelines';
import type { SparkSession } from 'spark-connect-js';
import { readOutputMode } from './counts-reader';

/** When a window comes into its table: with each change, once when it is final, or with all others each time. */
export const WINDOW_OUTPUT_MODES = ['update', 'append', 'complete'] as const;
export type WindowOutputMode = (typeof WINDOW_OUTPUT_MODES)[number];

/** What has no windows is never final: of such rows only the change can be told. */
export function outputModeOf(plan: AggregateQueryPlan, ofWindows: WindowOutputMode): WindowOutputMode {
  return plan.windowEndColumn === undefined ? 'update' : ofWindows;
}

/**
 * Spark itself would go on with a state that was made for another mode.
 * @throws Conflict where the checkpoint was begun in one.
 */
export async function requireSameMode(
  spark: SparkSession,
  mode: WindowOutputMode,
  { checkpointPath, tablePath }: { readonly checkpointPath: string; readonly tablePath: string },
): Promise<void> {
  const begun = await readOutputMode(spark, checkpointPath);
  if (begun === undefined || begun === mode) return;
  throw new Conflict(
    `The windows were begun in output mode ${begun}, and STREAM_WINDOW_OUTPUT_MODE is ${mode}: ` +
      `set it to ${begun}, or delete ${checkpointPath} and ${tablePath}, and the windows are made anew`,
  );
}
