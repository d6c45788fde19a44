import { UPKEEP_OF, isKeptTable } from '@millrace/domain';
import type { UpkeepRegistry, UpkeepRun, UpkeepRunBody, UpkeepRunsBody } from '@millrace/domain';

/** The last runs on a table; none where it takes no upkeep. */
export async function upkeepRuns(
  registry: Pick<UpkeepRegistry, 'list'>,
  table: string,
  limit: number,
): Promise<UpkeepRunsBody> {
  if (!isKeptTable(table)) return { table, operations: [], runs: [] };
  const runs = await registry.list(table, limit);
  return { table, operations: [...UPKEEP_OF[table]], runs: runs.map(describeRun) };
}

function describeRun(run: UpkeepRun): UpkeepRunBody {
  const { runId, jobId, operation, status, executions, startTime, endTime, metrics, errorMessage } = run;
  return {
    runId,
    jobId,
    operation,
    status,
    executions,
    startTime: startTime.toISOString(),
    endTime: endTime?.toISOString() ?? null,
    // A clock that went back in between is no reason for a negative time.
    durationMs: endTime === null ? null : Math.max(0, endTime.getTime() - startTime.getTime()),
    metrics,
    errorMessage,
  };
}
