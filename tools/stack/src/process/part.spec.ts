import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PartFailure } from '../part-failure';
import { until } from '../until';
import { identityOf } from './identity';
import { Part } from './part';
import type { PartEvents, PartSpec } from './part';
import { TestFolders, nodeRunning } from './processes.fixture';

interface Told {
  readonly crashed: string[];
  readonly restarted: string[];
  readonly asked: string[];
}

describe('a part under supervision', () => {
  let folders: TestFolders;
  let told: Told;
  let part: Part | undefined;

  beforeEach(() => {
    folders = new TestFolders();
    told = { crashed: [], restarted: [], asked: [] };
  });

  afterEach(async () => {
    await part?.stop();
    folders.remove();
  });

  const events: PartEvents = {
    crashed: (_name, how) => told.crashed.push(how),
    restarted: (name) => told.restarted.push(name),
    gaveUp: () => undefined,
    asksToStop: (name) => told.asked.push(name),
  };
  /** Serves as soon as it wrote the file `ready`. */
  const partRunning = (script: string, more: Partial<PartSpec> = {}): Part => {
    const ready = join(folders.path, 'ready');
    part = new Part(
      {
        name: 'part',
        ...nodeRunning(
          `require('fs').writeFileSync(${JSON.stringify(ready)}, String(process.pid)); ${script}`,
        ),
        cwd: folders.path,
        env: process.env,
        waitsFor: 'the part to be ready',
        readyLimitMs: 10_000,
        stopLimitMs: 2_000,
        isReady: () => Promise.resolve(existsSync(ready)),
        ...more,
      },
      folders,
      events,
    );
    return part;
  };
  const pidNow = (): number => Number(readFileSync(join(folders.path, 'ready'), 'utf8'));
  const fact = (what: string, probe: () => boolean): Promise<boolean> =>
    until(() => Promise.resolve(probe()), { what, limitMs: 10_000 });

  it('is started again after a crash', async () => {
    await partRunning('setInterval(() => {}, 1000)').start();
    const first = pidNow();
    process.kill(first, 'SIGKILL');
    await fact('the restart', () => told.restarted.length === 1);
    expect(told.crashed).toEqual(['was ended by SIGKILL']);
    await fact('another process', () => pidNow() !== first);
  });

  it('fails to start with the reason its log gives', async () => {
    const failing = partRunning("console.error('Error: listen EADDRINUSE'); process.exit(3)", {
      isReady: () => Promise.resolve(false),
    });
    const failure: unknown = await failing.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartFailure);
    expect(failure).toMatchObject({
      message: 'part exited with code 3: a port it needs was taken in the meantime',
      logFile: join(folders.logs, 'part.log'),
    });
  });

  it('fails to start when it serves nothing within its limit, and says what was waited for', async () => {
    const slow = partRunning('setInterval(() => {}, 1000)', {
      isReady: () => Promise.resolve(false),
      readyLimitMs: 300,
    });
    await expect(slow.start()).rejects.toThrow('part waited 0 s for the part to be ready');
  });

  it('is ended by force when it does not end by itself', async () => {
    const stubborn = partRunning("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)", {
      stopLimitMs: 300,
    });
    await stubborn.start();
    const pid = pidNow();
    await stubborn.stop();
    expect(identityOf(pid)).toBeUndefined();
    expect(existsSync(join(folders.run, 'part.json'))).toBe(false);
  });

  it('ends the stack with an orderly exit, where that is what one means', async () => {
    await partRunning('setTimeout(() => process.exit(0), 200)', { onExitZero: 'ends-stack' }).start();
    await fact('the request to stop', () => told.asked.length === 1);
    expect(told.crashed).toEqual([]);
  });
});
