import { bootId, identityOf } from './identity';
import { groupMembers, signalGroup } from './process-group';
import { readRunRecords, removeRunRecord } from './run-records';
import type { NamedRecord } from './run-records';
import { until } from '../until';

/** How long servers may take to end in order before they are killed. */
const GRACE_MS = 15_000;
const KILL_LIMIT_MS = 5_000;

/**
 * Ends what a killed run left behind, children of its children included.
 *
 * Each child led a process group of its own. While any member lives, the kernel gives the group's number to no other
 * process, so members are ours even when the leader is gone; a leader that is there must be the very one of the record.
 * @returns the names of the parts that were still running
 */
export async function endLeftovers(folder: string): Promise<readonly string[]> {
  const records = readRunRecords(folder);
  const running = records.filter(isStillRunning);
  for (const record of running) signalGroup(record.pid, record.stopSignal);
  await ended(running, GRACE_MS);
  for (const record of running) signalGroup(record.pid, 'SIGKILL');
  await ended(running, KILL_LIMIT_MS);
  for (const record of records) removeRunRecord(folder, record.name);
  return running.map((record) => record.name);
}

function isStillRunning(record: NamedRecord): boolean {
  const identity = identityOf(record.pid);
  if (identity !== undefined) return identity === record.identity;
  // Numbers start again with the machine.
  const sameBoot = process.platform !== 'linux' || record.identity.startsWith(`${bootId()}:`);
  return sameBoot && groupMembers(record.pid).length > 0;
}

async function ended(records: readonly NamedRecord[], limitMs: number): Promise<void> {
  const isGone = (): Promise<boolean> =>
    Promise.resolve(records.every((record) => groupMembers(record.pid).length === 0));
  await until(isGone, { what: 'leftovers of an earlier run to end', limitMs }).catch(() => undefined);
}
