import { Logger } from '@nestjs/common';
import { endOnCrash } from './crashes';
import { Drain } from './drain';
import { drainWithProcess, leaveProcess } from './process-drains';

const undo: (() => void)[] = [];

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterEach(() => {
  for (const each of undo.splice(0)) each();
});

function start(drainLimitMs: number, stage: () => Promise<void>) {
  const lines: string[] = [];
  const ends: number[] = [];
  const drain = new Drain((exitCode) => {
    ends.push(exitCode);
    return Promise.resolve();
  });
  drain.add({ name: 'work', timeoutMs: 60_000, run: stage });
  drainWithProcess(drain);
  undo.push(() => {
    leaveProcess(drain);
  });
  const exited = new Promise<number>((exit) => {
    undo.push(endOnCrash({ exit, drainLimitMs, write: (line) => lines.push(line) }));
  });
  return { lines, ends, exited };
}

describe('a failure that nobody catches', () => {
  it.each(['unhandledRejection', 'uncaughtException'])(
    'is one line, a drain and exit code 1 (%s)',
    async (kind) => {
      const { lines, ends, exited } = start(60_000, () => Promise.resolve());
      process.emit(kind as 'uncaughtException', new Error('nobody caught me'));
      expect(await exited).toBe(1);
      expect(ends).toEqual([1]);
      expect(lines).toEqual([expect.stringMatching(/^[^\n]*nobody caught me[^\n]*crashes\.spec[^\n]*\n$/)]);
    },
  );

  it('ends the process also when the drain hangs', async () => {
    let goOn: () => void = () => undefined;
    const { ends, exited } = start(1, () => new Promise((resolve) => (goOn = resolve)));
    process.emit('uncaughtException', new Error('broken'));
    expect(await exited).toBe(1);
    expect(ends).toEqual([]);
    goOn();
  });

  it('ends it once', async () => {
    const { lines, ends, exited } = start(60_000, () => new Promise(setImmediate));
    process.emit('uncaughtException', new Error('first'));
    process.emit('uncaughtException', new Error('second'));
    expect(await exited).toBe(1);
    expect(lines).toHaveLength(2);
    expect(ends).toEqual([1]);
  });
});
