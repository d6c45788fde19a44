import { DeltaTimeNotFound } from '../error/delta-error';
import type { TableFiles } from '../storage/table-storage';
import { readHistory } from './commit-info';
import type { LogListing } from './log-listing';

/**
 * The version that was the newest at a time, by Delta's rules: commits have the times that `DESCRIBE HISTORY` shows; before the
 * first version that the log can still give there is none, and after the newest one there is none yet. Mirrors
 * `DeltaHistoryManager.getActiveCommitAtTime`.
 *
 * @throws DeltaTimeNotFound, CorruptDeltaLog
 */
export async function versionAt(table: TableFiles, listing: LogListing, time: Date): Promise<number> {
  const first = earliestVersion(listing);
  const commits = await readHistory(table, listing, Number.POSITIVE_INFINITY, first);
  const [newest, oldest] = [commits[0]?.timestamp, commits.at(-1)?.timestamp];
  const found = commits.find(({ timestamp }) => timestamp <= time);
  if (found === undefined || newest === undefined || newest < time) {
    throw new DeltaTimeNotFound(table.address, time, oldest, newest);
  }
  return found.version;
}

/** The oldest version with a commit whose state can be made from what the log still holds. */
function earliestVersion(listing: LogListing): number {
  if (listing.commits.has(0)) return 0;
  const versions = listing.checkpoints.map(({ version }) => version).filter((it) => listing.commits.has(it));
  return Math.min(...versions);
}
