import { CorruptDeltaLog } from '../error/delta-error';
import type { TableFiles } from '../storage/table-storage';
import { isObject } from './log-action';
import type { JsonObject } from './log-action';
import { commitPath } from './log-file-name';
import type { LogListing } from './log-listing';

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
  const infos: CommitInfo[] = [];
  for (const version of versions) infos.push(parseCommitInfo(version, await findCommitInfo(table, version)));
  return infos;
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
