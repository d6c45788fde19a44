import type { BatchList, BatchListQuery, BatchRecord, Lineage } from '@millrace/domain';
import { isSameJson } from './same-json';

type Placed = Pick<BatchRecord, 'submitTime' | 'batchId'>;

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const byId = (a: Placed, b: Placed) => byText(a.batchId, b.batchId);

/** The order of lists: newest first, then by id. */
export const newestFirst = (a: Placed, b: Placed) =>
  b.submitTime.getTime() - a.submitTime.getTime() || byId(a, b);

type Queued = Placed & Pick<BatchRecord, 'fairRank'>;

/** The order of the queue: by rank and time, then by id. */
export const inQueueOrder = (a: Queued, b: Queued) =>
  a.fairRank - b.fairRank || a.submitTime.getTime() - b.submitTime.getTime() || byId(a, b);

export function listOf(records: Iterable<BatchRecord>, query: BatchListQuery): BatchList {
  const { after, limit } = query;
  const matching = [...records].filter((record) => isListed(record, query)).sort(newestFirst);
  const rest = matching.filter((record) => after === undefined || newestFirst(after, record) < 0);
  return { total: matching.length, batches: rest.slice(0, limit), hasMore: rest.length > limit };
}

function isListed(record: BatchRecord, query: BatchListQuery): boolean {
  const isEqual = (asked: string | undefined, value: string) => asked === undefined || asked === value;
  return (
    isEqual(query.status, record.status) &&
    isEqual(query.analysisType, record.analysisType) &&
    isEqual(query.client, record.requestedBy.client) &&
    isInRange(record.submitTime, query) &&
    Object.entries(query.labels ?? {}).every(([name, value]) => record.labels[name] === value)
  );
}

function isInRange(time: Date, { from, to }: BatchListQuery): boolean {
  return (from === undefined || from <= time) && (to === undefined || time < to);
}

/** Whether one more batch of a client may wait: the last tenth of the queue is for clients of whom fewer than ten do. */
export function hasRoom(pending: readonly BatchRecord[], client: string, maxPending: number): boolean {
  const own = pending.filter(({ requestedBy }) => requestedBy.client === client).length;
  const limit = own < 10 ? maxPending : maxPending - Math.floor(maxPending / 10);
  return pending.length < limit;
}

/** One more than the highest rank of the client's unfinished batches and of all running ones. */
export function nextRank(records: readonly BatchRecord[], client: string): number {
  const ahead = records.filter(
    ({ status, requestedBy }) =>
      status === 'RUNNING' || (status === 'PENDING' && requestedBy.client === client),
  );
  return 1 + Math.max(0, ...ahead.map(({ fairRank }) => fairRank));
}

/** The one that has read furthest, of a topic the newest. */
export function latestOf(records: readonly BatchRecord[], lineage: Lineage): BatchRecord | undefined {
  return records
    .filter((record) => record.rerunOf === null && isOfLineage(record, lineage))
    .sort((a, b) => byText(reachOf(b), reachOf(a)) || newestFirst(a, b))[0];
}

/** Timestamps of one format and days, which begin such ones, sort as text; where nothing is known is before all of them. */
function reachOf({ source, maxEventTimestamp, afterEventTimestamp, startDate }: BatchRecord): string {
  return source === 'kafka' ? '' : (maxEventTimestamp ?? afterEventTimestamp ?? startDate ?? '');
}

function isOfLineage(record: BatchRecord, lineage: Lineage): boolean {
  return (
    record.analysisType === lineage.analysisType &&
    record.source === lineage.source &&
    record.topic === lineage.topic &&
    isSameJson(record.filters, lineage.filters)
  );
}
