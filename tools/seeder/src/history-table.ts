import { STORED_TRANSACTION_COLUMNS, toSparkDdl } from '@millrace/domain';
import { isSparkConnectError } from 'spark-connect-js';
import { col, lit } from 'spark-connect-js/functions';
import type { ActionOptions, SparkSession } from 'spark-connect-js';
import type { StoredTransaction } from './history';

/** A commit that lost against another one, as when the stream makes the table at the same time. Repeating it is right. */
const LOST_RACE = /^DELTA_(CONCURRENT_|METADATA_CHANGED|PROTOCOL_CHANGED|VERSION_INVALID)/;
const ATTEMPTS = 3;

/** Nothing at the path, or a folder in which no commit was ever made. */
const NO_TABLE: ReadonlySet<string | undefined> = new Set([
  'DELTA_TABLE_NOT_FOUND',
  'DELTA_PATH_DOES_NOT_EXIST',
  'PATH_NOT_FOUND',
]);

/** Spark reads a path as a pattern; a folder's name is none. */
const literalPath = (path: string): string => path.replaceAll(/[\\{}[\]*?]/g, '\\$&');

/** The Delta table that history is written to. */
export class HistoryTable {
  constructor(
    private readonly spark: SparkSession,
    readonly path: string,
  ) {}

  /** Whether the row is in the table. Reads the files of one day only. */
  async holds(row: StoredTransaction, options: ActionOptions): Promise<boolean> {
    try {
      const found = await this.spark.read
        .format('delta')
        .load(this.path)
        .filter(col('event_date').eq(lit(row.event_date).cast('date')))
        .filter(col('transaction_id').eq(lit(row.transaction_id)))
        .limit(1)
        .collect(options);
      return found.length > 0;
    } catch (error) {
      if (isSparkConnectError(error) && NO_TABLE.has(error.errorClass)) return false;
      throw error;
    }
  }

  /**
   * Adds the rows of the staged files in one commit.
   * @param transaction names the commit: of two with the same name Delta makes only the first.
   */
  async append(
    stagingFolder: string,
    transaction: { readonly appId: string; readonly version: number },
    options: ActionOptions,
  ): Promise<void> {
    await this.write(stagingFolder, 'append', transaction, options);
  }

  /** Replaces all rows of the table by those of the staged files. */
  async overwrite(
    stagingFolder: string,
    transaction: { readonly appId: string; readonly version: number },
    options: ActionOptions,
  ): Promise<void> {
    await this.write(stagingFolder, 'overwrite', transaction, options);
  }

  private async write(
    stagingFolder: string,
    mode: 'append' | 'overwrite',
    transaction: { readonly appId: string; readonly version: number },
    options: ActionOptions,
  ): Promise<void> {
    const rows = this.spark.read
      .format('csv')
      .schema(toSparkDdl(STORED_TRANSACTION_COLUMNS))
      // The default escape, a backslash, would keep doubled quotes doubled; a line that does not fit must not become nulls.
      .options({ escape: '"', mode: 'FAILFAST' })
      .load(literalPath(stagingFolder));
    const writer = rows.write
      .format('delta')
      .mode(mode)
      .partitionBy('event_date')
      .options({ txnAppId: transaction.appId, txnVersion: transaction.version });
    for (let attempt = 1; ; attempt++) {
      try {
        await writer.save(this.path, options);
        return;
      } catch (error) {
        const isLostRace = isSparkConnectError(error) && LOST_RACE.test(error.errorClass ?? '');
        if (!isLostRace || attempt === ATTEMPTS) throw error;
      }
    }
  }
}
