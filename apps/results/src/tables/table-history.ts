import type { HistoryEntry } from '@millrace/delta';
import type { TableHistoryBody } from '@millrace/domain';

type CommitBody = TableHistoryBody['history'][number];

export function describeCommit(commit: HistoryEntry): CommitBody {
  return {
    version: commit.version,
    time: commit.timestamp.toISOString(),
    operation: commit.operation ?? null,
    operationParameters: commit.operationParameters,
    operationMetrics: commit.operationMetrics,
    userMetadata: ownWords(commit.userMetadata),
  };
}

/** What we write beside a commit is a JSON object; other words are of somebody else. */
function ownWords(userMetadata: string | undefined): CommitBody['userMetadata'] {
  if (userMetadata === undefined) return null;
  try {
    const words: unknown = JSON.parse(userMetadata);
    const isObject = typeof words === 'object' && words !== null && !Array.isArray(words);
    return isObject ? (words as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
