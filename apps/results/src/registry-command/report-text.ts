import { FINDING_KINDS } from '../recovery/finding';
import type { AuditReport } from '../recovery/audit-registry';
import type { RecoverySummary } from '../recovery/recover-registry';

/** The audit as a table for people. */
export function auditText({ folders, rows, findings }: AuditReport): string {
  const looked = `${counted(rows, 'batch', 'batches')} in the registry, ${counted(folders, 'folder', 'folders')}`;
  if (findings.length === 0) return `${looked}: they agree\n`;
  const table = tableText(
    ['FINDING', 'BATCH', 'STATE', 'TABLE', 'WHAT'],
    findings.map(({ kind, batchId, status, step, message }) => [
      kind,
      batchId,
      status ?? '-',
      step ?? '-',
      message,
    ]),
  );
  const kinds = [...new Set(findings.map(({ kind }) => kind))].sort();
  const meanings = tableText(
    [],
    kinds.map((kind) => [kind, FINDING_KINDS[kind]]),
  );
  return `${table}\n${meanings}\n${looked}: ${counted(findings.length, 'finding', 'findings')}\n`;
}

/** The rebuild as a table for people. */
export function rebuildText({ folders, recovered, failed }: RecoverySummary): string {
  const looked = counted(folders, 'folder', 'folders');
  if (recovered.length + failed.length === 0) return `${looked}: each has its row, nothing was done\n`;
  const table = tableText(
    ['BATCH', 'STATE', 'ANALYSIS', 'ROWS', 'WHAT'],
    [
      ...recovered.map(({ batchId, status, analysisType, rowCount, errorMessage }) => [
        batchId,
        status,
        analysisType,
        rowCount === null ? '-' : String(rowCount),
        errorMessage ?? '',
      ]),
      ...failed.map(({ batchId, message }) => [batchId, 'FAILED', '-', '-', `got no row: ${message}`]),
    ],
  );
  const rows = counted(recovered.length, 'row', 'rows');
  return `${table}\n${looked}: ${rows} made, ${String(failed.length)} could not be\n`;
}

export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = head.length === 0 ? rows : [head, ...rows];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines
    .map(
      (line) =>
        line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('');
}

export const counted = (count: number, one: string, more: string) =>
  `${String(count)} ${count === 1 ? one : more}`;
