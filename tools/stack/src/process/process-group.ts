import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readProcStat } from './identity';

/** The living members of a process group. */
export function groupMembers(groupId: number): readonly number[] {
  return process.platform === 'linux' ? linuxMembers(groupId) : psMembers(groupId);
}

function linuxMembers(groupId: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcStat(Number(name)))
    .flatMap((facts) => (facts?.groupId === groupId && !facts.isZombie ? [facts.pid] : []));
}

function psMembers(groupId: number): readonly number[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,pgid=,stat='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [pid, group, state] = line.trim().split(/\s+/);
    return group === String(groupId) && state?.startsWith('Z') === false ? [Number(pid)] : [];
  });
}

/** Signals a whole group. False when it has no member left. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch {
    return false;
  }
}
