import { upkeepRunsSchema } from '@millrace/domain';
import type { KeptTable, UpkeepOperation, UpkeepRunBody } from '@millrace/domain';
import { call } from './stack-under-test';
import { waitUntil } from './wait-until';

/** Asks for upkeep of a table; gives the job. */
export async function askForUpkeep(table: KeptTable, operation: UpkeepOperation): Promise<string> {
  const { status, body } = await call<{ jobId: string }>('POST', `/tables/${table}/upkeep`, { operation });
  if (status !== 202) throw new Error(`Upkeep was refused: ${JSON.stringify(body)}`);
  return body.jobId;
}

/** What became of a job, once it has ended. */
export async function upkeepRun(table: KeptTable, jobId: string): Promise<UpkeepRunBody> {
  return waitUntil(
    `upkeep ${jobId} of ${table} to end`,
    async () => {
      const { body } = await call('GET', `/tables/${table}/upkeep`);
      const run = upkeepRunsSchema.parse(body).runs.find((known) => known.jobId === jobId);
      return run === undefined || run.status === 'RUNNING' ? undefined : run;
    },
    { timeoutMs: 200_000 },
  );
}
