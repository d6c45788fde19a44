import type { BatchRecord, BatchStep } from '@millrace/domain';
import { memberOf, stepsOf, storedSteps } from './batch-steps';
import type { Finding, FindingKind } from './finding';
import { inspectTable } from './inspect-table';
import type { RecoveryPorts } from './ports';

export interface JudgedAt {
  readonly now: Date;
  /** From then on files that nobody is sent to any more are left over: upkeep should have removed them. */
  readonly leftOverAfterMs: number;
  /** Whether the batch had a folder when the walk began. */
  readonly hasFolder: boolean;
}

/** What does not agree between the row of a batch and its files. Batches that have not ended are never judged. */
export async function judgeBatch(
  ports: RecoveryPorts,
  record: BatchRecord,
  judgedAt: JudgedAt,
): Promise<Finding[]> {
  const { resultsDeleted, endTime, status } = record;
  if (resultsDeleted !== null) {
    const message = `given up at ${resultsDeleted.toISOString()}`;
    return isLeftOver(resultsDeleted, judgedAt) ? [finding(record, 'left_over', undefined, message)] : [];
  }
  if (status === 'COMPLETED') return completedFindings(ports, record);
  if (status === 'FAILED') return judgedAt.hasFolder ? partialFindings(ports, record) : [];
  if (status === 'CANCELLED') return isLeftOver(endTime, judgedAt) ? partialFindings(ports, record) : [];
  return [];
}

function isLeftOver(since: Date | null, { now, leftOverAfterMs, hasFolder }: JudgedAt): boolean {
  return hasFolder && now.getTime() - (since?.getTime() ?? 0) >= leftOverAfterMs;
}

async function completedFindings(ports: RecoveryPorts, record: BatchRecord): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const step of stepsOf(record.analysisType)) {
    const found = await stepFinding(ports, record, step);
    if (found !== undefined) findings.push(found);
  }
  return findings;
}

async function stepFinding(
  { tables }: RecoveryPorts,
  record: BatchRecord,
  step: BatchStep,
): Promise<Finding | undefined> {
  const { path, version, rowCounts } = promised(record, step);
  if (path === null) return finding(record, 'missing_table', step, 'its row names no table');
  if (version === null) return finding(record, 'missing_version', step, 'its row names no version');
  const state = await inspectTable(tables, path, version);
  if (state.kind !== 'readable') return finding(record, state.kind, step, state.message);
  const told = rowCounts.find((rows) => rows !== state.rowCount);
  if (told === undefined) return undefined;
  const message = `the row tells ${String(told)} rows, the log ${String(state.rowCount)}`;
  return finding(record, 'count_mismatch', step, message);
}

/** What the row says of a step's table. */
function promised(record: BatchRecord, step: BatchStep) {
  const outcome = record.executions[step]?.outcome;
  const counted = outcome === undefined ? [] : [outcome.rowCount];
  const member = memberOf(step);
  if (member !== undefined) {
    const path = record.deltaAggPath === null ? null : `${record.deltaAggPath}/${member}`;
    return { path, version: outcome?.version ?? null, rowCounts: counted };
  }
  if (step !== 'raw') return { path: record.deltaAggPath, version: record.aggVersion, rowCounts: counted };
  const rowCounts = record.rowCount === null ? counted : [Number(record.rowCount), ...counted];
  return { path: record.deltaRawPath, version: record.rawVersion, rowCounts };
}

/** A failed batch keeps what its finished steps wrote, for the attempt that may follow. */
async function partialFindings(ports: RecoveryPorts, record: BatchRecord): Promise<Finding[]> {
  const steps = await storedSteps(ports, record.batchId);
  return steps
    .filter((step) => record.status === 'CANCELLED' || record.executions[step]?.outcome === undefined)
    .map((step) => finding(record, 'partial_table', step, `the batch is ${record.status}`));
}

function finding(
  { batchId, status }: BatchRecord,
  kind: FindingKind,
  step: BatchStep | undefined,
  message: string,
): Finding {
  return { kind, batchId, step, status, message };
}
