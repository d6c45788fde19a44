import { KEPT_UPKEEP_RUNS } from '@millrace/domain';
import type { UpkeepEnd, UpkeepRegistry } from '@millrace/domain';
import { aUuid } from '../builders/batch';
import { anUpkeepRun } from '../builders/upkeep';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';

const START = anUpkeepRun().startTime.getTime();
const at = (ms: number) => new Date(START + ms);
const COMPLETED: UpkeepEnd = {
  status: 'COMPLETED',
  endTime: at(4_321),
  metrics: { filesAdded: 3, filesRemoved: 480, bytesRemoved: 12_582_912_000 },
};

/**
 * What every registry of upkeep must do. Call it at the top of a spec.
 * @param open gives an empty registry.
 */
export function describeUpkeepRegistry(name: string, open: () => Promise<Opened<UpkeepRegistry>>): void {
  describe(`${name} as a registry of upkeep`, () => {
    const registry = openedForEachTest(open);
    describe('one run', () => {
      describeRun(registry);
    });
    describe('several runs', () => {
      describeRuns(registry);
    });
  });
}

function describeRun(registry: () => UpkeepRegistry): void {
  const run = anUpkeepRun();
  const execution = { operationId: aUuid(7), sessionId: aUuid(8) };
  const begun = {
    ...run,
    status: 'RUNNING',
    executions: 0,
    operationId: null,
    sessionId: null,
    endTime: null,
    metrics: null,
    errorMessage: null,
  };

  it('is RUNNING from its begin', async () => {
    expect(await registry().begin(run)).toBe(true);
    expect(await registry().running()).toEqual([begun]);
    expect(await registry().list('transactions', 10)).toEqual([begun]);
  });

  it('keeps the last execution and counts them', async () => {
    await registry().begin(run);
    expect(await registry().storeExecution(run.runId, { ...execution, operationId: aUuid(6) })).toBe(true);
    expect(await registry().storeExecution(run.runId, execution)).toBe(true);
    expect(await registry().running()).toEqual([{ ...begun, ...execution, executions: 2 }]);
  });

  it.each<UpkeepEnd>([
    COMPLETED,
    { status: 'FAILED', endTime: at(1), errorMessage: '[DIVIDE_BY_ZERO] no' },
    { status: 'SKIPPED', endTime: at(0), errorMessage: 'There is no table' },
  ])('ends once: $status', async (end) => {
    await registry().begin(run);
    await registry().storeExecution(run.runId, execution);
    expect(await registry().end(run.runId, end)).toBe(true);
    const ended = [{ ...begun, ...execution, executions: 1, ...end }];
    expect(await registry().list('transactions', 10)).toEqual(ended);
    expect(await registry().running()).toEqual([]);
    expect(await registry().end(run.runId, COMPLETED)).toBe(false);
    expect(await registry().storeExecution(run.runId, execution)).toBe(false);
    expect(await registry().list('transactions', 10)).toEqual(ended);
  });

  it('takes any message of a failure', async () => {
    await registry().begin(run);
    await registry().end(run.runId, { status: 'FAILED', endTime: at(1), errorMessage: 'a\0b' });
    expect((await registry().list('transactions', 1))[0]?.errorMessage).toBe('a\ufffdb');
  });

  it('is not there before it has begun', async () => {
    expect(await registry().end(run.runId, COMPLETED)).toBe(false);
    expect(await registry().storeExecution(run.runId, execution)).toBe(false);
    expect(await registry().list('transactions', 10)).toEqual([]);
  });
}

function describeRuns(registry: () => UpkeepRegistry): void {
  const numbered = (number: number) =>
    anUpkeepRun({ runId: aUuid(number), jobId: `job-${number}`, startTime: at(number) });
  const jobs = async (limit: number) =>
    (await registry().list('transactions', limit)).map(({ jobId }) => jobId);

  it('of one table are never RUNNING at once', async () => {
    expect(await registry().begin(numbered(1))).toBe(true);
    expect(await registry().begin(numbered(2))).toBe(false);
    expect(await jobs(10)).toEqual(['job-1']);
    expect(await registry().begin(anUpkeepRun({ runId: aUuid(3), table: 'rejects' }))).toBe(true);
    await registry().end(aUuid(1), COMPLETED);
    expect(await registry().begin(numbered(2))).toBe(true);
    expect((await registry().running()).map(({ table }) => table).sort()).toEqual([
      'rejects',
      'transactions',
    ]);
  });

  it('one of 20 parallel begins wins', async () => {
    const begins = await Promise.all(
      Array.from({ length: 20 }, (_, number) => registry().begin(numbered(number))),
    );
    expect(begins.filter(Boolean)).toHaveLength(1);
  });

  it('are listed by table, newest first, no more than asked for', async () => {
    for (const number of [2, 3, 1]) {
      await registry().begin(numbered(number));
      await registry().end(aUuid(number), COMPLETED);
    }
    await registry().begin(anUpkeepRun({ runId: aUuid(4), table: 'rejects' }));
    expect(await jobs(10)).toEqual(['job-3', 'job-2', 'job-1']);
    expect(await jobs(2)).toEqual(['job-3', 'job-2']);
    expect(await registry().list('rejects', 10)).toMatchObject([{ runId: aUuid(4) }]);
    expect(await registry().list('stream_aggregations', 10)).toEqual([]);
  });

  it('are forgotten, the oldest first, and never one that is RUNNING', async () => {
    await registry().begin(anUpkeepRun({ runId: aUuid(0), table: 'rejects', startTime: at(0) }));
    for (let number = 1; number <= KEPT_UPKEEP_RUNS + 2; number += 1) {
      await registry().begin(numbered(number));
      await registry().end(aUuid(number), COMPLETED);
    }
    const kept = await jobs(KEPT_UPKEEP_RUNS * 2);
    expect(kept).toHaveLength(KEPT_UPKEEP_RUNS);
    expect([kept[0], kept.at(-1)]).toEqual([`job-${KEPT_UPKEEP_RUNS + 2}`, 'job-3']);
    expect(await registry().list('rejects', 1)).toMatchObject([{ runId: aUuid(0), status: 'RUNNING' }]);
  });
}
