import { KEPT_UPKEEP_RUNS } from '@millrace/domain';
import type { KeptTable, NewUpkeepRun, UpkeepEnd, UpkeepRegistry, UpkeepRun } from '@millrace/domain';

/** Answers like the one on Postgres. */
export class InMemoryUpkeepRegistry implements UpkeepRegistry {
  private runs: UpkeepRun[] = [];

  begin(run: NewUpkeepRun): Promise<boolean> {
    const ended = this.runs.filter(({ status }) => status !== 'RUNNING').sort(newestFirst);
    const forgotten = new Set(ended.slice(KEPT_UPKEEP_RUNS - 1));
    this.runs = this.runs.filter((known) => !forgotten.has(known));
    if (this.runs.some(({ table, status }) => table === run.table && status === 'RUNNING')) {
      return Promise.resolve(false);
    }
    this.runs.push({
      ...run,
      status: 'RUNNING',
      executions: 0,
      operationId: null,
      sessionId: null,
      endTime: null,
      metrics: null,
      errorMessage: null,
    });
    return Promise.resolve(true);
  }

  storeExecution(
    runId: string,
    { operationId, sessionId }: { readonly operationId: string; readonly sessionId: string },
  ): Promise<boolean> {
    return this.change(runId, (run) => ({
      ...run,
      operationId,
      sessionId,
      executions: run.executions + 1,
    }));
  }

  end(runId: string, end: UpkeepEnd): Promise<boolean> {
    return this.change(runId, (run) => ({
      ...run,
      ...end,
      ...('errorMessage' in end && { errorMessage: end.errorMessage.replaceAll('\0', '\ufffd') }),
    }));
  }

  running(): Promise<UpkeepRun[]> {
    const found = this.runs.filter(({ status }) => status === 'RUNNING');
    return Promise.resolve(found.sort((one, other) => newestFirst(other, one)));
  }

  list(table: KeptTable, limit: number): Promise<UpkeepRun[]> {
    const found = this.runs.filter((run) => run.table === table);
    return Promise.resolve(found.sort(newestFirst).slice(0, limit));
  }

  private change(runId: string, changed: (run: UpkeepRun) => UpkeepRun): Promise<boolean> {
    const index = this.runs.findIndex((run) => run.runId === runId && run.status === 'RUNNING');
    const run = this.runs[index];
    if (run !== undefined) this.runs[index] = changed(run);
    return Promise.resolve(run !== undefined);
  }
}

function newestFirst(one: UpkeepRun, other: UpkeepRun): number {
  return other.startTime.getTime() - one.startTime.getTime() || (one.runId < other.runId ? -1 : 1);
}
