import { z } from 'zod';
import type { TableCommit } from '../spark/delta-history';

/** How far a query over a Delta table has come. */
export interface Consumed {
  /** Of the query's own table: this version of it, and no older one, says so. */
  readonly tableVersion: number;
  /** The newest version of the source of which it has read everything; undefined in the middle of one. */
  readonly sourceVersion: number | undefined;
}

/** What the sink writes beside a micro-batch: Delta's offset is the first file that was not read. */
const metadataSchema = z.object({
  offsets: z.object({
    source: z.object({
      end: z.object({
        reservoirVersion: z.int().min(0),
        /** Below 0 before the first file of the version. */
        index: z.number(),
        /** True while it reads what the table had when the query began. */
        isStartingVersion: z.boolean(),
      }),
    }),
  }),
});

/** From the newest commits of the query's table; undefined if none of them is the sink's. Others (upkeep) consume nothing. */
export function consumed(commits: readonly TableCommit[]): Consumed | undefined {
  const newestFirst = [...commits].sort((one, other) => other.version - one.version);
  for (const { userMetadata } of newestFirst) {
    const metadata = metadataSchema.safeParse(parsed(userMetadata));
    if (!metadata.success) continue;
    const { reservoirVersion, index, isStartingVersion } = metadata.data.offsets.source.end;
    const isWhole = index < 0 && !isStartingVersion && reservoirVersion > 0;
    return {
      tableVersion: newestFirst[0]?.version ?? 0,
      sourceVersion: isWhole ? reservoirVersion - 1 : undefined,
    };
  }
  return undefined;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
