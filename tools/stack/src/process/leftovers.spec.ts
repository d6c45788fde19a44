import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until';
import { startChild } from './child';
import { identityOf } from './identity';
import { endLeftovers } from './leftovers';
import { TestFolders, nodeRunning } from './processes.fixture';
import { writeRunRecord } from './run-records';

const WAITS = 'setInterval(() => {}, 1000)';

describe('the leftovers of a killed run', () => {
  let folders: TestFolders;

  beforeEach(() => {
    folders = new TestFolders();
  });

  afterEach(() => {
    folders.remove();
  });

  const start = (script: string): number => {
    const child = startChild(
      { name: 'part', ...nodeRunning(script), cwd: folders.path, env: process.env },
      folders,
    );
    return child.pid ?? 0;
  };
  const gone = (pid: number): Promise<boolean> =>
    until(() => Promise.resolve(identityOf(pid) === undefined), {
      what: 'the end of a process',
      limitMs: 5_000,
    });

  it('are ended', async () => {
    const pid = start(WAITS);
    expect(await endLeftovers(folders.run)).toEqual(['part']);
    expect(await gone(pid)).toBe(true);
    expect(await endLeftovers(folders.run)).toEqual([]);
  });

  it('are ended with their own children, even where the child itself is gone', async () => {
    const grandchildFile = join(folders.path, 'grandchild');
    const leader = start(
      `const child = require('child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(WAITS)}]);
       require('fs').writeFileSync(${JSON.stringify(grandchildFile)}, String(child.pid)); ${WAITS}`,
    );
    const grandchild = await until(() => Promise.resolve(readNumber(grandchildFile)), {
      what: 'the grandchild',
      limitMs: 5_000,
    });
    process.kill(leader, 'SIGKILL');
    await gone(leader);
    expect(identityOf(grandchild)).toBeDefined();
    expect(await endLeftovers(folders.run)).toEqual(['part']);
    expect(await gone(grandchild)).toBe(true);
  });

  it('are left alone where the number belongs to another process by now', async () => {
    const pid = start(WAITS);
    writeRunRecord(folders.run, 'other', { pid, command: 'x', stopSignal: 'SIGTERM' });
    const file = join(folders.run, 'other.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { identity: string };
    const stale = JSON.stringify({ ...record, identity: `${record.identity}0` });
    writeBack(folders.run, stale, 'other');
    expect(await endLeftovers(folders.run)).toEqual(['part']);
    await gone(pid);
    const innocent = start(WAITS);
    writeBack(folders.run, JSON.stringify({ ...JSON.parse(stale), pid: innocent }), 'part');
    expect(await endLeftovers(folders.run)).toEqual([]);
    expect(identityOf(innocent)).toBeDefined();
    process.kill(innocent, 'SIGKILL');
    await gone(innocent);
  });
});

function readNumber(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function writeBack(folder: string, record: string, name = 'part'): void {
  writeFileSync(join(folder, `${name}.json`), record);
}
