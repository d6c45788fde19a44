import { isTerminal } from '@millrace/domain';
import type { BatchEvent, BatchEventDetail, BatchRecord } from '@millrace/domain';
import type { InMemoryBatchChanges } from './in-memory-batch-changes';
import type { InMemoryWebhookOutbox } from './in-memory-webhook-outbox';
import { isSameJson } from './same-json';

/** What the trigger of the Postgres registry does: numbers and keeps the event of each change, and tells of it. */
export class BatchJournal {
  private readonly events = new Map<string, BatchEvent[]>();

  constructor(
    private readonly changes: InMemoryBatchChanges,
    private readonly webhooks: InMemoryWebhookOutbox,
  ) {}

  /** A row that is there from the start: what happened to it before its newest event is not known. */
  begin(record: BatchRecord): void {
    this.keep(record, statusOf(record));
  }

  /** @returns `after` with the number of its newest event. */
  write(before: BatchRecord | undefined, after: BatchRecord): BatchRecord {
    const detail = before === undefined ? statusOf(after) : detailOf(before, after);
    if (detail === undefined) return after;
    const numbered = { ...after, lastEventId: (before?.lastEventId ?? 0) + 1 };
    this.keep(numbered, detail);
    const { webhookUrl } = numbered;
    const hasEnded = before !== undefined && detail.type === 'status' && isTerminal(detail.status);
    if (hasEnded && webhookUrl !== null) this.webhooks.add(numbered, webhookUrl);
    this.changes.tell(numbered.batchId);
    return numbered;
  }

  of(batchId: string): readonly BatchEvent[] {
    return this.events.get(batchId) ?? [];
  }

  /** Deletes up to so many progress events. */
  prune(batchIds: readonly string[], limit: number): number {
    const isProgress = ({ detail }: BatchEvent) => detail.type === 'progress';
    const pruned = new Set(batchIds.flatMap((id) => this.of(id).filter(isProgress)).slice(0, limit));
    for (const id of batchIds) {
      this.events.set(
        id,
        this.of(id).filter((event) => !pruned.has(event)),
      );
    }
    return pruned.size;
  }

  private keep({ batchId, lastEventId }: BatchRecord, detail: BatchEventDetail): void {
    const event = { batchId, id: lastEventId, time: new Date(), detail };
    this.events.set(batchId, [...this.of(batchId), event]);
  }
}

const statusOf = ({ status, attempt, errorMessage }: BatchRecord): BatchEventDetail => ({
  type: 'status',
  status,
  attempt,
  errorMessage,
});

/** One change is one event; what a change of state does to other fields is part of it. */
function detailOf(before: BatchRecord, after: BatchRecord): BatchEventDetail | undefined {
  if (before.status !== after.status || before.attempt !== after.attempt) return statusOf(after);
  if (before.resultsDeleted === null && after.resultsDeleted !== null) return { type: 'deleted' };
  if (before.cancelRequested === null && after.cancelRequested !== null) return { type: 'cancel' };
  if (after.progress === null || isSameJson(before.progress, after.progress)) return undefined;
  return { type: 'progress', progress: after.progress };
}
