import { isMillraceError } from '@millrace/domain';
import {
  CorruptDeltaLog,
  DeltaTableNotFound,
  DeltaVersionNotFound,
  UnsupportedDeltaTable,
  isDeltaError,
} from '../error/delta-error';
import type { TableFiles } from '../storage/table-storage';
import { isObject, parseLogAction } from './log-action';
import { LOG_DIRECTORY, commitPath } from './log-file-name';
import { LogListing } from './log-listing';
import type { CompleteCheckpoint } from './log-listing';
import { LogState } from './log-state';

/** Texts of the actions in a checkpoint, each a JSON object with one action. */
export type CheckpointReader = (files: readonly string[]) => AsyncIterable<string>;

/** That are read at once: each is a request where the table is in an object store. */
const COMMITS_AT_ONCE = 8;

export async function listLog(table: TableFiles): Promise<LogListing> {
  return new LogListing(await table.list(LOG_DIRECTORY));
}

/** The version to read: the one asked for, or the newest. */
export function requireVersion(table: TableFiles, listing: LogListing, asked: number | undefined): number {
  const latest = listing.latestVersion;
  if (latest === undefined) {
    const [v2Checkpoint] = listing.v2Checkpoints;
    if (v2Checkpoint !== undefined) throw new UnsupportedDeltaTable(table.address, ['v2Checkpoint']);
    throw new DeltaTableNotFound(table.address);
  }
  if (asked === undefined) return latest;
  if (!Number.isSafeInteger(asked) || asked < 0 || asked > latest) {
    throw new DeltaVersionNotFound(table.address, asked, latest, 'there is no such version');
  }
  return asked;
}

/**
 * The state of a log at a version: the newest usable checkpoint, then every commit after it. A commit that goes away
 * between listing and reading was cleaned up behind a newer checkpoint, so the log is listed once more.
 *
 * @throws DeltaVersionNotFound, CorruptDeltaLog, UnsupportedDeltaTable
 */
export async function readLog(
  table: TableFiles,
  listing: LogListing,
  version: number,
  readCheckpoint: CheckpointReader,
): Promise<LogState> {
  try {
    return await replay(table, listing, version, readCheckpoint);
  } catch (error) {
    if (!isDeltaError(error) || error.reason !== 'FILE_MISSING') throw error;
    return replay(table, await listLog(table), version, readCheckpoint);
  }
}

async function replay(
  table: TableFiles,
  listing: LogListing,
  version: number,
  readCheckpoint: CheckpointReader,
): Promise<LogState> {
  const { state, next } = await startState(table, listing, version, readCheckpoint);
  for (let first = next; first <= version; first += COMMITS_AT_ONCE) {
    const commits = range(first, Math.min(first + COMMITS_AT_ONCE - 1, version));
    const texts = await Promise.all(commits.map((commit) => table.readText(commitPath(commit))));
    for (const [index, text] of texts.entries()) {
      applyLines(table, state, `commit ${String(first + index)}`, text.split('\n'));
    }
  }
  return state;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The state before the first commit to apply. A checkpoint that cannot be read is passed over for an older one. */
async function startState(
  table: TableFiles,
  listing: LogListing,
  version: number,
  readCheckpoint: CheckpointReader,
): Promise<{ state: LogState; next: number }> {
  let unreadable: Error | undefined;
  for (const checkpoint of listing.checkpoints) {
    if (checkpoint.version > version) continue;
    if (listing.missingCommit(checkpoint.version + 1, version) !== undefined) break;
    try {
      const state = await checkpointState(table, checkpoint, readCheckpoint);
      return { state, next: checkpoint.version + 1 };
    } catch (error) {
      // A store that is away has no older one either.
      if (isMillraceError(error)) throw error;
      unreadable = error instanceof Error ? error : new CorruptDeltaLog(table.address, String(error));
    }
  }
  const missing = listing.missingCommit(0, version);
  if (missing === undefined) return { state: new LogState(), next: 0 };
  if (unreadable !== undefined) throw unreadable;
  throw missingCommitError(table, listing, version, missing);
}

async function checkpointState(
  table: TableFiles,
  checkpoint: CompleteCheckpoint,
  readCheckpoint: CheckpointReader,
): Promise<LogState> {
  const what = `checkpoint ${String(checkpoint.version)}`;
  const state = new LogState();
  await table.withLocal(checkpoint.paths, async (files) => {
    try {
      for await (const line of readCheckpoint(files)) applyLines(table, state, what, [line]);
    } catch (cause) {
      throw isDeltaError(cause)
        ? cause
        : new CorruptDeltaLog(table.address, `${what} cannot be read`, { cause });
    }
  });
  return state;
}

function applyLines(table: TableFiles, state: LogState, what: string, lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      const action: unknown = JSON.parse(line);
      if (!isObject(action)) throw new TypeError('an action is not an object');
      const known = parseLogAction(action);
      if (known !== undefined) state.apply(known);
    } catch (cause) {
      throw new CorruptDeltaLog(table.address, `${what}, action ${String(index + 1)}`, { cause });
    }
  }
}

/** Commits missing at the beginning were cleaned up; one missing between others is damage. */
function missingCommitError(table: TableFiles, listing: LogListing, version: number, missing: number): Error {
  if (listing.v2Checkpoints.some((checkpoint) => checkpoint <= version)) {
    return new UnsupportedDeltaTable(table.address, ['v2Checkpoint']);
  }
  const base = listing.checkpoints.find((checkpoint) => checkpoint.version <= version)?.version;
  const gap = listing.missingCommit(
    base === undefined ? (listing.firstCommit ?? missing) : base + 1,
    version,
  );
  if (gap !== undefined) return new CorruptDeltaLog(table.address, `commit ${String(gap)} is missing`);
  const latest = listing.latestVersion ?? version;
  return new DeltaVersionNotFound(table.address, version, latest, 'its log was cleaned up');
}
