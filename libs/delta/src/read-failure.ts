import { ServiceUnavailable, isMillraceError } from '@millrace/domain';
import { DeltaFileMissing, isDeltaError } from './error/delta-error';
import type { Snapshot } from './snapshot/snapshot';

/** That nobody waits for a query any more. */
const GIVEN_UP = /^(?:AbortError|(?:Error: )?INTERRUPT Error)/;
/** How the engine says that a file is not there. */
const LOST_FILE = /No files found|Cannot open file|No such file/i;
/** What it says in the same words when it cannot spill, or open any file. */
const FULL_MACHINE = /No space left|Too many open files|duckdb_temp/i;

/** Whether a read failed for what was asked, or because nobody waits for it any more: that says nothing about the files. */
export const isOfRequest = (cause: unknown): boolean =>
  (isDeltaError(cause) && cause.reason === 'UNKNOWN_COLUMN') || GIVEN_UP.test(String(cause));

/**
 * The error to tell where files could not be read.
 *
 * @param damaged the path of a file of a snapshot that is not whole.
 */
export async function readFailure(
  cause: unknown,
  snapshots: readonly Snapshot[],
  damaged: (snapshot: Snapshot) => Promise<string | undefined>,
): Promise<unknown> {
  const text = String(cause);
  if (FULL_MACHINE.test(text)) return cause;
  if (LOST_FILE.test(text)) return lostFile(snapshots, cause);
  if (isDeltaError(cause) || isMillraceError(cause)) return cause;
  // Of a file that is not whole the engine says nothing but what it stumbled over.
  for (const snapshot of snapshots) {
    // Where the store cannot tell now, what was stumbled over says more.
    const path = await damaged(snapshot).catch(() => undefined);
    if (path !== undefined) return new DeltaFileMissing(`${snapshot.tablePath}/${path}`, { cause });
  }
  return cause;
}

function lostFile(snapshots: readonly Snapshot[], cause: unknown): Error {
  const lost = snapshots.find(({ tablePath }) => String(cause).includes(tablePath));
  if (lost !== undefined) return new DeltaFileMissing(lost.tablePath, { cause });
  return new ServiceUnavailable('The local copy of a table file is gone: ask again', { cause });
}
