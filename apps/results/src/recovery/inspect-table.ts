import { isDeltaError } from '@millrace/delta';
import type { DeltaError, Snapshot } from '@millrace/delta';
import { isMillraceError } from '@millrace/domain';
import type { RecoveryPorts } from './ports';

/** Why a table cannot be read, in words for an operator that name no path of the machine. */
export interface TableProblem {
  readonly kind: 'missing_table' | 'missing_version' | 'damaged_table';
  readonly message: string;
}

export interface ReadableTable {
  readonly kind: 'readable';
  readonly snapshot: Snapshot;
  readonly rowCount: number;
}

/**
 * Whether every file of a table at a version is there in full, and how many rows they have: by the statistics of the log,
 * or the footers of files without.
 */
export async function inspectTable(
  tables: RecoveryPorts['tables'],
  path: string,
  version: number | bigint,
): Promise<ReadableTable | TableProblem> {
  try {
    const snapshot = await tables.openSnapshot(path, { version });
    const damaged = await tables.damagedFiles(snapshot);
    if (damaged.length > 0) return damage(`files are gone or cut (${damaged.join(', ')})`);
    return { kind: 'readable', snapshot, rowCount: await tables.countRows(snapshot) };
  } catch (error) {
    return tableProblem(error);
  }
}

/**
 * What an error of reading says about the table. Anything can be thrown: the files may hold anything.
 *
 * @throws ServiceUnavailable where the store of the tables is away, which says nothing about any table.
 */
export function tableProblem(error: unknown): TableProblem {
  if (isDeltaError(error)) return ofDelta(error);
  if (isMillraceError(error)) throw error;
  return damage('it cannot be read');
}

function ofDelta(error: DeltaError): TableProblem {
  switch (error.reason) {
    case 'TABLE_NOT_FOUND':
      return { kind: 'missing_table', message: 'there is no table' };
    case 'VERSION_NOT_FOUND':
    case 'TIME_NOT_FOUND':
      return { kind: 'missing_version', message: `${versionOf(error)} is not there` };
    case 'UNSUPPORTED_TABLE':
      return damage('it needs what this reader does not support');
    case 'CORRUPT_LOG':
      return damage(`its log is damaged${'what' in error ? ` (${String(error.what)})` : ''}`);
    case 'UNSAFE_PATH':
      return damage('it names files outside the place for them');
    case 'FILE_MISSING':
      return damage('files are gone');
    case 'UNKNOWN_COLUMN':
      return damage('it misses a column');
  }
}

const versionOf = (error: DeltaError) =>
  'version' in error ? `version ${String(error.version)}` : 'the version';

const damage = (message: string): TableProblem => ({ kind: 'damaged_table', message });
