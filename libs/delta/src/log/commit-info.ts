import { CorruptDeltaLog } from '../error/delta-error';
import type { TableFiles } from '../storage/table-storage';
import { Turns } from '../turns';
import { isObject } from './log-action';
import type { JsonObject } from './log-action';
import { commitPath } from './log-file-name';
import type { LogListing } from './log-listing';

const COMMITS_AT_ONCE = 8;

/** What a commit says about itself. Every field is optional in the protocol. */
export interface CommitInfo {
  readonly version: number;
  readonly timestamp: Date | undefined;
  /** `WRITE`, `OPTIMIZE`, … */
  readonly operation: string | undefined;
  /** Numbers as text, as the writer spells them: `numOutputRows`, `numFiles`, … */
  readonly operationMetrics: Readonly<Record<string, string>>;
  /** What whoever committed wrote beside it. */
  readonly userMetadata: string | undefined;
}

/**
 * The newest commits that the log still holds, newest first. Of each file only the lines up to its `commitInfo` are read,
 * which writers put first.
 *
 * @throws CorruptDeltaLog
 */
export async function readCommitInfos(
  table: TableFiles,
  listing: LogListing,
  limit: number,
): Promise<CommitInfo[]> {
  const versions = [...listing.commits].sort((a, b) => b - a).slice(0, limit);
  return mapSideBySide(versions, async (version) =>
    parseCommitInfo(version, await findCommitInfo(table, version)),
  );
}

/** A commit as `DESCRIBE HISTORY` of Spark tells it. */
export interface HistoryEntry extends CommitInfo {
  readonly timestamp: Date;
  /** Texts as the log has them; what is no text there is JSON. */
  readonly operationParameters: Readonly<Record<string, string>>;
}

/**
 * The newest commits that the log still holds, newest first, with the times that Delta goes by: when the file of the commit
 * was written, or a millisecond after the one before where the clock went back.
 *
 * @param from the first version to tell.
 * @throws CorruptDeltaLog
 */
export async function readHistory(
  table: TableFiles,
  listing: LogListing,
  limit: number,
  from = 0,
): Promise<HistoryEntry[]> {
  const versions = [...listing.commits]
    .filter((version) => version >= from)
    .sort((a, b) => b - a)
    .slice(0, limit);
  const entries: HistoryEntry[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const entry of await mapSideBySide(versions.reverse(), (version) => readEntry(table, version))) {
    if (entry === undefined) continue;
    const time = Math.max(entry.timestamp.getTime(), before + 1);
    before = time;
    entries.push({ ...entry, timestamp: new Date(time) });
  }
  return entries.reverse();
}

/** Each is a request or two where the table is in an object store. */
async function mapSideBySide<T>(
  versions: readonly number[],
  read: (version: number) => Promise<T>,
): Promise<T[]> {
  const turns = new Turns(COMMITS_AT_ONCE);
  return Promise.all(versions.map((version) => turns.run(() => read(version))));
}

/** Undefined where the commit was cleaned up since the log was listed. */
async function readEntry(table: TableFiles, version: number): Promise<HistoryEntry | undefined> {
  const written = await table.modifiedAt(commitPath(version));
  if (written === undefined) return undefined;
  const info = await findCommitInfo(table, version);
  return {
    ...parseCommitInfo(version, info),
    timestamp: timeOf(info['inCommitTimestamp']) ?? written,
    operationParameters: textsOf(info['operationParameters']),
  };
}

function textsOf(values: unknown): Readonly<Record<string, string>> {
  if (!isObject(values)) return {};
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

async function findCommitInfo(table: TableFiles, version: number): Promise<JsonObject> {
  for await (const line of table.readLines(commitPath(version))) {
    if (line.trim() === '') continue;
    const info = parsedAction(table, version, line)['commitInfo'];
    if (isObject(info)) return info;
  }
  return {};
}

function parsedAction(table: TableFiles, version: number, line: string): JsonObject {
  try {
    const action: unknown = JSON.parse(line);
    if (isObject(action)) return action;
  } catch (cause) {
    throw new CorruptDeltaLog(table.address, `commit ${String(version)}`, { cause });
  }
  throw new CorruptDeltaLog(table.address, `commit ${String(version)} has an action that is not an object`);
}

function parseCommitInfo(version: number, info: JsonObject): CommitInfo {
  const { operation, operationMetrics, userMetadata } = info as Record<string, unknown>;
  return {
    version,
    // With in-commit timestamps this one is the truth: the other is the writer's clock.
    timestamp: timeOf(info['inCommitTimestamp']) ?? timeOf(info['timestamp']),
    operation: typeof operation === 'string' ? operation : undefined,
    operationMetrics: isObject(operationMetrics)
      ? Object.fromEntries(Object.entries(operationMetrics).map(([name, value]) => [name, String(value)]))
      : {},
    userMetadata: typeof userMetadata === 'string' ? userMetadata : undefined,
  };
}

function timeOf(epochMs: unknown): Date | undefined {
  if (typeof epochMs !== 'number') return undefined;
  const time = new Date(epochMs);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
