import { ServiceUnavailable } from '@millrace/domain';
import { aUuid, anUpkeepRun } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError, SessionChangedError } from 'spark-connect-js';
import { MOST_EXECUTIONS, MOST_STARTS } from './run-upkeep';
import { METRICS, conflict, setUpUpkeep } from './upkeep.fixture';

const JOB = { table: 'transactions', operation: 'optimize', jobId: 'job-1', starts: 1 } as const;

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('an operation on a table', () => {
  it('is recorded with what Delta told of it', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    expect(await upkeep.execute(JOB)).toEqual({ kind: 'completed', metrics: METRICS });
    expect(await runs()).toMatchObject([
      {
        jobId: 'job-1',
        operation: 'optimize',
        status: 'COMPLETED',
        executions: 1,
        sessionId: tables.sessionId,
        metrics: METRICS,
        endTime: expect.any(Date) as Date,
        errorMessage: null,
      },
    ]);
  });

  it('is skipped, and that is said, where there is no table', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    tables.absent.add('rejects');
    const reason = 'There is no table rejects yet';
    expect(await upkeep.execute({ ...JOB, table: 'rejects' })).toEqual({ kind: 'skipped', reason });
    expect(await runs('rejects')).toMatchObject([{ status: 'SKIPPED', errorMessage: reason, executions: 0 }]);
    expect(tables.done).toEqual([]);
  });

  it('starts anew where a commit of the stream was in the way', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    tables.scripts.push(
      () => Promise.reject(conflict()),
      () => Promise.reject(conflict()),
    );
    expect(await upkeep.execute(JOB)).toMatchObject({ kind: 'completed' });
    expect(await runs()).toMatchObject([{ status: 'COMPLETED', executions: 3 }]);
  });

  it('fails where commits are in the way each time', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    for (let times = 0; times < MOST_EXECUTIONS; times += 1)
      tables.scripts.push(() => Promise.reject(conflict()));
    await expect(upkeep.execute(JOB)).rejects.toThrow('DELTA_CONCURRENT_DELETE_READ');
    expect(await runs()).toMatchObject([
      { status: 'FAILED', executions: MOST_EXECUTIONS, errorMessage: conflict().message },
    ]);
  });

  it('fails for any other reason at once, and says it', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    tables.scripts.push(() => Promise.reject(new Error('[DISK_FULL] no room\n at x')));
    await expect(upkeep.execute(JOB)).rejects.toThrow('DISK_FULL');
    expect(await runs()).toMatchObject([
      { status: 'FAILED', executions: 1, errorMessage: '[DISK_FULL] no room' },
    ]);
  });

  it('is given up when it takes too long', async () => {
    const { upkeep, tables, runs } = setUpUpkeep({ longestRunMs: 5 });
    void tables.whenStarted();
    await expect(upkeep.execute(JOB)).rejects.toThrow('OPERATION_CANCELED');
    expect(await runs()).toMatchObject([{ status: 'FAILED' }]);
  });
});

describe('while something is away', () => {
  it('leaves the job for later, for as long as it takes, when Spark cannot even be asked', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    tables.away = new ServiceUnavailable('Spark is not available');
    for (const starts of [1, MOST_STARTS, 100]) {
      expect(await upkeep.execute({ ...JOB, starts })).toMatchObject({ kind: 'postponed' });
    }
    expect(await runs()).toEqual([]);
    tables.away = undefined;
    expect(await upkeep.execute(JOB)).toMatchObject({ kind: 'completed' });
  });

  it.each([new ConnectionUnavailableError('refused'), new SessionChangedError('another session')])(
    'leaves the job for later when Spark is lost under it: %s',
    async (error) => {
      const { upkeep, tables, runs } = setUpUpkeep();
      tables.scripts.push(() => Promise.reject(error));
      const verdict = await upkeep.execute(JOB);
      expect(verdict).toMatchObject({ kind: 'postponed', delayMs: expect.any(Number) as number });
      expect(await runs()).toMatchObject([{ status: 'FAILED', errorMessage: error.message }]);
    },
  );

  it('does not try for ever what takes Spark down each time', async () => {
    const { upkeep, tables } = setUpUpkeep();
    tables.scripts.push(() => Promise.reject(new ConnectionUnavailableError('refused')));
    await expect(upkeep.execute({ ...JOB, starts: MOST_STARTS })).rejects.toThrow('refused');
  });

  it('ends what a process left behind that died, before anything else is done', async () => {
    const { registry, upkeep, tables, runs } = setUpUpkeep();
    const left = anUpkeepRun();
    await registry.begin(left);
    await registry.storeExecution(left.runId, { operationId: aUuid(9), sessionId: tables.sessionId });
    expect(await upkeep.execute(JOB)).toMatchObject({ kind: 'completed' });
    expect(tables.stopped).toEqual([aUuid(9)]);
    expect(await runs()).toMatchObject([
      { status: 'COMPLETED' },
      {
        runId: left.runId,
        status: 'FAILED',
        errorMessage: expect.stringContaining('ended before') as string,
      },
    ]);
  });

  it('begins nothing while what was left behind cannot be stopped', async () => {
    const { registry, upkeep, tables, runs } = setUpUpkeep();
    await registry.begin(anUpkeepRun());
    tables.stopFailure = new ConnectionUnavailableError('refused');
    expect(await upkeep.execute(JOB)).toMatchObject({ kind: 'postponed' });
    expect(await runs()).toMatchObject([{ runId: anUpkeepRun().runId, status: 'RUNNING' }]);
  });
});

describe('when the process ends', () => {
  it('interrupts what runs, says so, and leaves the job for the next start', async () => {
    const { start, upkeep, tables, runs } = setUpUpkeep();
    const started = tables.whenStarted();
    const verdict = upkeep.execute(JOB);
    await started;
    await upkeep.drain();
    expect(await verdict).toMatchObject({ kind: 'postponed' });
    expect(await runs()).toMatchObject([
      { status: 'FAILED', errorMessage: expect.stringContaining('Interrupted') as string },
    ]);
    expect(await start().execute({ ...JOB, starts: 2 })).toMatchObject({ kind: 'completed' });
  });

  it('begins nothing any more', async () => {
    const { upkeep, tables, runs } = setUpUpkeep();
    await upkeep.drain();
    expect(await upkeep.execute(JOB)).toMatchObject({ kind: 'postponed' });
    expect([tables.done, await runs()]).toEqual([[], []]);
  });

  it('sends nothing for a run that another orchestrator has ended', async () => {
    const { start, registry, upkeep, tables, runs } = setUpUpkeep();
    tables.scripts.push(async ({ nextExecution }) => {
      const [run] = await registry.running();
      await registry.end(run?.runId ?? '', {
        status: 'FAILED',
        endTime: new Date(),
        errorMessage: 'taken over',
      });
      await nextExecution(tables.sessionId);
      return {};
    });
    await expect(upkeep.execute(JOB)).rejects.toThrow('Another orchestrator');
    expect(await runs()).toMatchObject([{ status: 'FAILED', errorMessage: 'taken over', executions: 1 }]);
    expect(await start().execute(JOB)).toMatchObject({ kind: 'completed' });
  });
});
