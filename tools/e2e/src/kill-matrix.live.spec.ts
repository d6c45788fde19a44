import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { ANALYSIS_NAMES } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { ensureHistory } from './history';
import { ALL_TIME, call, deltaBasePath, endpoints, pidOf, settled, submitBatch } from './stack-under-test';
import type { StackPart } from './stack-under-test';
import { waitUntil } from './wait-until';

jest.setTimeout(300_000);

const PARTS: readonly StackPart[] = ['gateway', 'orchestrator', 'redis', 'postgres', 'spark'];

/** Sent to Spark and not ended there. */
const isAt = (step: 'raw' | 'aggregated') => (batch: BatchRecord) =>
  batch.executions[step] !== undefined && batch.executions[step].outcome === undefined;

/** The points of a batch's life at which a part is killed. */
const POINTS: readonly [string, (batch: BatchRecord) => boolean][] = [
  ['just accepted', () => true],
  ['writing its rows', isAt('raw')],
  ['writing its analysis', isAt('aggregated')],
];

let registry: Registry;

beforeAll(async () => {
  await ensureHistory();
  registry = openRegistry({
    databaseUrl: endpoints.postgres,
    maxConnections: 2,
    applicationName: 'kill-matrix',
  });
});
afterAll(() => registry.close());

/** A batch that is at the point now; where one went by too quickly, another. */
async function batchAt(isThere: (batch: BatchRecord) => boolean, analysisType: string): Promise<string> {
  for (;;) {
    const batchId = await submitBatch({ ...ALL_TIME, analysisType });
    const seen = await waitUntil(
      'the batch to be there, or past it',
      async () => {
        const batch = await registry.batches.find(batchId);
        if (batch === undefined) return undefined;
        if (isThere(batch)) return 'there';
        return batch.status === 'COMPLETED' ? 'past' : undefined;
      },
      { timeoutMs: 60_000, pollMs: 5 },
    );
    if (seen === 'there') return batchId;
  }
}

async function kill(part: StackPart): Promise<void> {
  const pid = pidOf(part);
  process.kill(pid, 'SIGKILL');
  await waitUntil(
    `another ${part}`,
    async () => {
      if (pidOf(part) === pid) return undefined;
      return (await call('GET', '/health')).status === 200 ? true : undefined;
    },
    { timeoutMs: 120_000 },
  );
}

/** Commits of one table of a batch. */
function commits(batchId: string, table: string): number {
  const log = join(deltaBasePath(), 'batches', batchId, table, '_delta_log');
  return readdirSync(log).filter((name) => /^\d{20}\.json$/.test(name)).length;
}

describe('a kill -9', () => {
  describe.each(PARTS)('of %s', (part) => {
    it.each(POINTS)('while a batch is %s loses, blocks and doubles nothing', async (_point, isThere) => {
      const batchId = await batchAt(isThere, 'customer_segmentation');
      await kill(part);
      const batch = await settled(batchId, 180_000);
      expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null });
      expect([commits(batchId, 'raw'), commits(batchId, 'aggregated')]).toEqual([1, 1]);
      const { body } = await call<{ rowCount: number }>('GET', `/batch/data/${batchId}?limit=1`);
      expect(body.rowCount).toBe(batch.rowCount);
    });
  });

  it('of orchestrator while a full report runs its analyses repeats none that has ended', async () => {
    const isWithMembers = ({ executions }: BatchRecord) =>
      ANALYSIS_NAMES.some((name) => executions[`aggregated/${name}`]?.outcome !== undefined);
    const batchId = await batchAt(isWithMembers, 'full_report');
    await kill('orchestrator');
    expect(await settled(batchId, 180_000)).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    expect(ANALYSIS_NAMES.map((name) => commits(batchId, `aggregated/${name}`))).toEqual(
      ANALYSIS_NAMES.map(() => 1),
    );
  });

  it('of orchestrator does not make it forget a cancel', async () => {
    const batchId = await batchAt(isAt('raw'), 'customer_segmentation');
    const [answer] = await Promise.all([call('POST', `/batch/${batchId}/cancel`), kill('orchestrator')]);
    expect(answer.status).toBe(202);
    // It may have completed in the moment between.
    expect(['CANCELLED', 'COMPLETED']).toContain((await settled(batchId, 120_000)).status);
  });
});
