import { tableIdentifier } from '@millrace/pipelines';
import { isSparkConnectError } from 'spark-connect-js';
import type { ActionOptions, SparkSession } from 'spark-connect-js';
import { isMissingTable } from './delta-time-travel';

/** A commit of a table, as `DESCRIBE HISTORY` tells it. */
export interface TableCommit {
  readonly version: number;
  readonly userMetadata: string | null;
}

/** What the statement says of a path without a table; a read says other things. */
const NO_TABLE = /^(DELTA_TABLE_ONLY_OPERATION|TABLE_OR_VIEW_NOT_FOUND)/;

/**
 * The newest commits of a table, newest first; undefined where there is no table. Spark reads the files of so many commits, in a small job.
 */
export async function newestCommits(
  spark: SparkSession,
  path: string,
  limit: number,
  options: ActionOptions = {},
): Promise<TableCommit[] | undefined> {
  try {
    const history = await spark.sql(`DESCRIBE HISTORY ${tableIdentifier(path)} LIMIT ${limit}`, {}, options);
    const rows = await history.select('version', 'userMetadata').collect(options);
    return rows.map(({ version, userMetadata }) => ({
      version: Number(version),
      userMetadata: typeof userMetadata === 'string' ? userMetadata : null,
    }));
  } catch (error) {
    const isMissing =
      isMissingTable(error) || (isSparkConnectError(error) && NO_TABLE.test(error.errorClass ?? ''));
    if (isMissing) return undefined;
    throw error;
  }
}
