import { KEPT_UPKEEP_RUNS } from '@millrace/domain';
import type { KeptTable, NewUpkeepRun, UpkeepEnd, UpkeepRegistry, UpkeepRun } from '@millrace/domain';
import type { Pool } from 'pg';
import { answered } from './registry-error';
import { storableText } from './storable-text';

const ROW = `run_id AS "runId", job_id AS "jobId", table_name AS "table", operation, status, executions,
  operation_id AS "operationId", session_id AS "sessionId", start_time AS "startTime", end_time AS "endTime", metrics,
  error_message AS "errorMessage"`;

/** The partial index lets one run of a table be RUNNING. The new row is not among those that are kept. */
const BEGIN = {
  name: 'upkeep-begin',
  text: `WITH pruned AS (
      DELETE FROM table_upkeep WHERE run_id IN (
        SELECT run_id FROM table_upkeep WHERE status <> 'RUNNING'
        ORDER BY start_time DESC, run_id OFFSET ${KEPT_UPKEEP_RUNS - 1})
    )
    INSERT INTO table_upkeep (run_id, job_id, table_name, operation, status, start_time)
      VALUES ($1, $2, $3, $4, 'RUNNING', $5)
    ON CONFLICT (table_name) WHERE status = 'RUNNING' DO NOTHING`,
};
const STORE_EXECUTION = {
  name: 'upkeep-store-execution',
  text: `UPDATE table_upkeep SET operation_id = $2, session_id = $3, executions = executions + 1
    WHERE run_id = $1 AND status = 'RUNNING'`,
};
const END = {
  name: 'upkeep-end',
  text: `UPDATE table_upkeep SET status = $2, end_time = $3, metrics = $4, error_message = $5
    WHERE run_id = $1 AND status = 'RUNNING'`,
};
const RUNNING = {
  name: 'upkeep-running',
  text: `SELECT ${ROW} FROM table_upkeep WHERE status = 'RUNNING' ORDER BY start_time, run_id`,
};
const LIST = {
  name: 'upkeep-list',
  text: `SELECT ${ROW} FROM table_upkeep WHERE table_name = $1 ORDER BY start_time DESC, run_id LIMIT $2`,
};

/** What was done to the tables, on Postgres. */
export class PostgresUpkeepRegistry implements UpkeepRegistry {
  constructor(private readonly pool: Pool) {}

  begin({ runId, jobId, table, operation, startTime }: NewUpkeepRun): Promise<boolean> {
    return this.change(BEGIN, [runId, jobId, table, operation, startTime]);
  }

  storeExecution(
    runId: string,
    { operationId, sessionId }: { readonly operationId: string; readonly sessionId: string },
  ): Promise<boolean> {
    return this.change(STORE_EXECUTION, [runId, operationId, sessionId]);
  }

  end(runId: string, end: UpkeepEnd): Promise<boolean> {
    const [metrics, errorMessage] =
      end.status === 'COMPLETED'
        ? [JSON.stringify(end.metrics), null]
        : [null, storableText(end.errorMessage)];
    return this.change(END, [runId, end.status, end.endTime, metrics, errorMessage]);
  }

  async running(): Promise<UpkeepRun[]> {
    return (await answered(() => this.pool.query<UpkeepRun>(RUNNING))).rows;
  }

  async list(table: KeptTable, limit: number): Promise<UpkeepRun[]> {
    return (await answered(() => this.pool.query<UpkeepRun>({ ...LIST, values: [table, limit] }))).rows;
  }

  private async change(
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
  ): Promise<boolean> {
    const result = await answered(() => this.pool.query({ ...statement, values: [...values] }));
    return result.rowCount === 1;
  }
}
