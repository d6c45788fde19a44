import { isDeltaError } from '@millrace/delta';
import type { DeltaError, SnapshotOptions } from '@millrace/delta';
import { InvalidRequest } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { z } from 'zod';
import type { ResultsPorts } from '../ports';
import { unlessDeleted } from './read-result';
import type { ResultTable } from './result-table';

/** Parameters of a read of another version than the one that the batch committed. */
export const asOfParameters = {
  versionAsOf: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be a version of the table: a whole number from 0' })
    .transform(Number)
    .optional(),
  timestampAsOf: z.iso
    .datetime({ offset: true, error: 'must be a time with its zone, like 2025-01-15T08:00:00Z' })
    .transform((time) => new Date(time))
    .optional(),
};

export interface AsOf {
  readonly versionAsOf?: number | undefined;
  readonly timestampAsOf?: Date | undefined;
}

/**
 * The table at the version that is asked for, by Delta's rules of time travel; as the batch committed it where none is.
 *
 * @throws InvalidRequest where there is no such version, ResultsMissing when the table was deleted.
 */
export async function tableAsOf<Table extends ResultTable>(
  tables: Pick<ResultsPorts['tables'], 'openSnapshot'>,
  { batchId }: BatchRecord,
  table: Table,
  asOf: AsOf,
): Promise<Table> {
  const options = optionsOf(asOf);
  if (options === undefined) return table;
  try {
    const { version } = await tables.openSnapshot(table.path, options);
    return { ...table, version: BigInt(version) };
  } catch (cause) {
    if (!isDeltaError(cause)) throw cause;
    const message = wrongWith(cause, asOf);
    if (message !== undefined) {
      const path = asOf.versionAsOf === undefined ? 'timestampAsOf' : 'versionAsOf';
      throw new InvalidRequest([{ path, message }]);
    }
    throw unlessDeleted(cause, batchId, table.step);
  }
}

function optionsOf({ versionAsOf, timestampAsOf }: AsOf): SnapshotOptions | undefined {
  if (versionAsOf === undefined) return timestampAsOf && { time: timestampAsOf };
  if (timestampAsOf === undefined) return { version: versionAsOf };
  throw new InvalidRequest([{ path: 'timestampAsOf', message: 'cannot be given together with versionAsOf' }]);
}

/** Undefined where the fault is not with what was asked for. */
function wrongWith(error: DeltaError, { versionAsOf = 0 }: AsOf): string | undefined {
  if (error.reason === 'VERSION_NOT_FOUND' && 'latestVersion' in error) {
    const latest = Number(error.latestVersion);
    return versionAsOf > latest
      ? `is not there: the table's newest version is ${latest}`
      : "is not there any more: the table's log was cleaned up";
  }
  if (error.reason !== 'TIME_NOT_FOUND' || !('oldest' in error) || !('newest' in error)) return undefined;
  const { oldest, newest } = error;
  if (!(oldest instanceof Date) || !(newest instanceof Date)) return undefined;
  return `must be within the versions of the table: ${oldest.toISOString()} to ${newest.toISOString()}`;
}
