import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identityOf, parseProcStat } from './identity';

describe('the identity of a process', () => {
  it('stays the same while it lives and is gone when it ended', async () => {
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    const identity = identityOf(pid);
    expect(identity).toBeDefined();
    expect(identityOf(pid)).toBe(identity);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identityOf(pid)).toBeUndefined();
  });

  it('is read from a line in which the name holds spaces and parentheses', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));
    fields.splice(0, 3, 'S', '1', '4700');
    expect(parseProcStat(`4711 (a (b) c) ${fields.join(' ')}`)).toEqual({
      pid: 4711,
      groupId: 4700,
      isZombie: false,
      startTicks: '22',
    });
  });

  it('is not read from anything else', () => {
    expect(parseProcStat('')).toBeUndefined();
  });
});
