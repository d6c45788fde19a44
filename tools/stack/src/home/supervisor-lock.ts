import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../process/identity';
import { SUPERVISOR_RECORD, readRunRecord } from '../process/run-records';
import type { Home } from './home';

/** Another supervisor runs on this home. */
export class AlreadyRunning extends Error {
  constructor(
    readonly pid: number,
    home: string,
  ) {
    super(`a stack is already running on ${home} (process ${String(pid)})`);
    this.name = 'AlreadyRunning';
  }
}

/**
 * Takes the home for this process.
 * @returns how to give it back
 * @throws AlreadyRunning while the holder lives
 */
export function lockHome(home: Home): () => void {
  const file = join(home.run, SUPERVISOR_RECORD);
  const mine = JSON.stringify({
    pid: process.pid,
    identity: identityOf(process.pid) ?? 'gone',
    startedAt: new Date().toISOString(),
    command: process.argv.join(' ').slice(0, 500),
  });
  while (!tryWrite(file, mine)) {
    const holder = readRunRecord(file);
    if (holder && identityOf(holder.pid) === holder.identity) throw new AlreadyRunning(holder.pid, home.path);
    rmSync(file, { force: true });
  }
  return () => {
    if (readRunRecord(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

function tryWrite(file: string, text: string): boolean {
  try {
    // "wx" fails where the file exists: of two starters only one gets it.
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
