import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, secretOf } from './home';
import { AlreadyRunning, lockHome } from './supervisor-lock';

describe('a home', () => {
  let path: string;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'millrace lock '));
  });

  afterEach(() => {
    rmSync(path, { recursive: true, force: true });
  });

  it('is refused while a supervisor lives on it, naming that one', () => {
    const unlock = lockHome(openHome(path));
    expect(() => lockHome(openHome(path))).toThrow(AlreadyRunning);
    expect(() => lockHome(openHome(path))).toThrow(`process ${String(process.pid)}`);
    unlock();
    lockHome(openHome(path))();
  });

  it('is free after a supervisor was killed, even where its number is in use again', () => {
    openHome(path);
    const dead = { pid: process.pid, identity: 'an earlier process', startedAt: '', command: '' };
    writeFileSync(join(path, 'run', 'supervisor.json'), JSON.stringify(dead));
    const unlock = lockHome(openHome(path));
    expect(unlock).not.toThrow();
  });

  it('keeps its secrets', () => {
    const home = openHome(path);
    expect(secretOf(home, 'internal-token')).toMatch(/^[0-9a-f]{48}$/);
    expect(secretOf(home, 'internal-token')).toBe(secretOf(home, 'internal-token'));
  });
});
