import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the kernel says about a process, as far as telling processes apart needs it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly groupId: number;
  readonly isZombie: boolean;
  /** In clock ticks since boot. */
  readonly startTicks: string;
}

/** Parses `/proc/<pid>/stat`. The name in parentheses may itself hold spaces and parentheses. */
export function parseProcStat(text: string): ProcessFacts | undefined {
  const nameEnds = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(nameEnds + 2).split(' ');
  const [state, , groupId] = fields;
  const startTicks = fields[19];
  if (nameEnds < 0 || Number.isNaN(pid) || groupId === undefined || startTicks === undefined)
    return undefined;
  return { pid, groupId: Number(groupId), isZombie: state === 'Z' || state === 'X', startTicks };
}

/** The facts of a process, from `/proc`. Undefined where it is gone. */
export function readProcStat(pid: number): ProcessFacts | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A text that is the same for as long as this very process lives and differs for any later process with its number: its
 * start time, and on Linux the boot it belongs to. Undefined when no such process runs.
 */
export function identityOf(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxIdentity(pid) : psIdentity(pid);
}

function linuxIdentity(pid: number): string | undefined {
  const facts = readProcStat(pid);
  return facts === undefined || facts.isZombie ? undefined : `${bootId()}:${facts.startTicks}`;
}

/** Which boot of the machine this is; constant elsewhere. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'boot';
  }
}

function psIdentity(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = 'Z', ...start] = line.split(/\s+/);
    return state.startsWith('Z') || start.length === 0 ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}
