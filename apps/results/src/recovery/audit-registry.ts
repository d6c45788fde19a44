import type { BatchRecord } from '@millrace/domain';
import { mapBounded } from '../bounded';
import { batchFolders } from './batch-steps';
import type { Finding } from './finding';
import { judgeBatch } from './judge-batch';
import { BATCHES_AT_ONCE } from './ports';
import type { RecoveryPorts, WalkOptions } from './ports';

const ROWS_OF_A_PAGE = 200;

export interface AuditReport {
  readonly folders: number;
  readonly rows: number;
  /** In the order of batch ids. */
  readonly findings: readonly Finding[];
}

export interface AuditOptions extends WalkOptions {
  /** How long the files of results that were given up stay at least. */
  readonly graceMs: number;
}

/** Upkeep removes folders some minutes after their grace, and so many at a time. */
const UPKEEP_MS = 3_600_000;

/**
 * Where the registry and the files do not agree. Changes nothing, and may run beside everything else: what a batch does
 * meanwhile is no finding.
 *
 * @throws ServiceUnavailable when the registry does not answer.
 */
export async function auditRegistry(ports: RecoveryPorts, options: AuditOptions): Promise<AuditReport> {
  // Before the rows: a batch has its row before its folder.
  const folders = new Set(await batchFolders(ports));
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for await (const { total, batches } of pages(ports)) {
    const ofPage = await mapBounded(batches, BATCHES_AT_ONCE, async (record) => {
      options.signal?.throwIfAborted();
      return judgeTwice(ports, record, folders, options);
    });
    findings.push(...ofPage.flat());
    for (const { batchId } of batches) seen.add(batchId);
    options.onProgress?.({ what: 'rows', done: seen.size, total: Math.max(total, seen.size) });
  }
  const lost = [...folders].filter((batchId) => !seen.has(batchId));
  const orphans = await mapBounded(lost, BATCHES_AT_ONCE, (batchId) => orphanFinding(ports, batchId));
  findings.push(...orphans.flat());
  return { folders: folders.size, rows: seen.size, findings: findings.sort(inOrder) };
}

async function* pages({ batches }: RecoveryPorts) {
  let after: BatchRecord | undefined;
  for (;;) {
    const page = await batches.list({ limit: ROWS_OF_A_PAGE, ...(after !== undefined && { after }) });
    yield page;
    after = page.batches.at(-1);
    if (!page.hasMore || after === undefined) return;
  }
}

/** A row may change while its files are looked at: what is found then is looked for again in the row as it is now. */
async function judgeTwice(
  ports: RecoveryPorts,
  record: BatchRecord,
  folders: ReadonlySet<string>,
  { now, graceMs }: AuditOptions,
): Promise<Finding[]> {
  const judge = (current: BatchRecord) =>
    judgeBatch(ports, current, {
      now: now(),
      leftOverAfterMs: graceMs + UPKEEP_MS,
      hasFolder: folders.has(current.batchId),
    });
  const first = await judge(record);
  if (first.length === 0) return first;
  const current = await ports.batches.find(record.batchId);
  if (current === undefined || isAsBefore(record, current)) return first;
  return judge(current);
}

function isAsBefore(before: BatchRecord, now: BatchRecord): boolean {
  return (
    before.status === now.status &&
    before.attempt === now.attempt &&
    before.resultsDeleted?.getTime() === now.resultsDeleted?.getTime()
  );
}

async function orphanFinding({ batches }: RecoveryPorts, batchId: string): Promise<Finding[]> {
  if ((await batches.find(batchId)) !== undefined) return [];
  const message = 'the registry has no row of it';
  return [{ kind: 'orphan', batchId, step: undefined, status: undefined, message }];
}

function inOrder(a: Finding, b: Finding): number {
  return `${a.batchId}/${a.step ?? ''}` < `${b.batchId}/${b.step ?? ''}` ? -1 : 1;
}
