import { ANALYSES, STREAMED, withShares } from '@millrace/domain';
import type { StreamedAnalysis } from '@millrace/domain';
import { z } from 'zod';
import type { ResultsPorts } from '../ports';

/** The table of an analysis as the stream keeps it. */
export interface KeptAnalysis {
  readonly version: number;
  /** When a row was last changed; null where there is none. */
  readonly asOf: string | null;
  /** All of them, with the columns of the catalog in its order. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const rowsSchema = z.array(z.record(z.string(), z.unknown()));

/**
 * Reads all rows whatever page was asked for: shares are parts of all of them, and there is one for each group of the contract's
 * values, a few dozen.
 *
 * @throws DeltaTableNotFound
 */
export async function readKeptAnalysis(
  tables: ResultsPorts['tables'],
  path: string,
  name: StreamedAnalysis,
): Promise<KeptAnalysis> {
  const { columns, order } = ANALYSES[name];
  const snapshot = await tables.openSnapshot(path);
  const limit = await tables.countRows(snapshot);
  const json = String((await tables.readPage(snapshot, { order, limit, offset: 0 })).bytes);
  const stored = rowsSchema.parse(JSON.parse(json));
  const finished = withShares(stored, STREAMED[name].shares);
  return {
    version: snapshot.version,
    asOf: stored.map((row) => row['as_of']).reduce(later, null),
    rows: finished.map((row) => Object.fromEntries(columns.map((column) => [column.name, row[column.name]]))),
  };
}

/** Times of micro-batches are texts of one form, to the millisecond. */
function later(one: string | null, other: unknown): string | null {
  return typeof other === 'string' && (one === null || other > one) ? other : one;
}
