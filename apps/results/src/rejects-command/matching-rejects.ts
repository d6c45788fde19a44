import type { DeltaTables, Snapshot } from '@millrace/delta';
import type { SortKey } from '@millrace/domain';
import { z } from 'zod';
import { rejectPlaceSchema, rejectRowSchema } from '../rejects/reject-row';
import type { RejectPlace, RejectRow } from '../rejects/reject-row';
import { reasonOf } from '../rejects/rejects-body';

/** Which rejects are meant; what is undefined leaves none out. */
export interface RejectSelection {
  readonly reasons: ReadonlySet<string> | undefined;
  readonly topic: string | undefined;
  /** Of the rejection: from this one on, and before that one. */
  readonly since: Date | undefined;
  readonly until: Date | undefined;
}

/** Some rejects that are next to each other. */
export interface RejectChunk {
  readonly places: readonly RejectPlace[];
  /** Rejects of the table that were looked at until here, and all of them. */
  readonly done: number;
  readonly total: number;
  /** The same with their bytes. */
  rows(): Promise<readonly RejectRow[]>;
}

/** In the order in which they were rejected, so that events of one partition keep theirs. */
const OLDEST_FIRST: readonly SortKey[] = [
  { column: 'rejected_at', direction: 'asc' },
  { column: 'topic', direction: 'asc' },
  { column: 'partition', direction: 'asc' },
  { column: 'offset', direction: 'asc' },
];
const PLACE_COLUMNS = Object.keys(rejectPlaceSchema.shape);
/** Without bytes a page is small, and a page of a table of many files sorts all of it. */
const PAGE_ROWS = 50_000;
/** With bytes: an event may have a MiB. */
const CHUNK_ROWS = 200;

/** The rejects of a snapshot that are meant, oldest first; bytes are read only of chunks that are asked for them. */
export async function* matchingRejects(
  tables: Pick<DeltaTables, 'readPage' | 'countRows'>,
  snapshot: Snapshot,
  selection: RejectSelection,
): AsyncGenerator<RejectChunk> {
  const total = await tables.countRows(snapshot);
  for (let offset = 0; offset < total; offset += PAGE_ROWS) {
    const page = { order: OLDEST_FIRST, columns: PLACE_COLUMNS, limit: PAGE_ROWS, offset };
    const json = String((await tables.readPage(snapshot, page)).bytes);
    const places = z.array(rejectPlaceSchema).parse(JSON.parse(json));
    for (let first = 0; first < places.length; first += CHUNK_ROWS) {
      const matching = places.slice(first, first + CHUNK_ROWS).filter((place) => isMeant(place, selection));
      if (matching.length === 0) continue;
      const chunk = { order: OLDEST_FIRST, limit: CHUNK_ROWS, offset: offset + first };
      yield {
        places: matching,
        done: Math.min(offset + first + CHUNK_ROWS, total),
        total,
        rows: async () => {
          const rows = String((await tables.readPage(snapshot, chunk)).bytes);
          return z
            .array(rejectRowSchema)
            .parse(JSON.parse(rows))
            .filter((row) => isMeant(row, selection));
        },
      };
    }
  }
}

function isMeant(reject: RejectPlace, { reasons, topic, since, until }: RejectSelection): boolean {
  const rejectedAt = new Date(reject.rejected_at);
  return (
    (reasons === undefined || reasons.has(reasonOf(reject.reason))) &&
    (topic === undefined || reject.topic === topic) &&
    (since === undefined || rejectedAt >= since) &&
    (until === undefined || rejectedAt < until)
  );
}
