import type { AnalysisName } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import type { DataFrame, RowObject } from 'spark-connect-js';
import { transactionsPipeline } from '../transactions/transactions-pipeline';
import { transactions } from './live-transactions';
import type { TransactionChange } from './live-transactions';

export { at } from './live-transactions';
export type { TransactionChange } from './live-transactions';

/** The analyses on a running Spark, over rows that a spec writes down. */
export class LiveAnalyses {
  private constructor(private readonly spark: SparkSession) {}

  static connect(): LiveAnalyses {
    return new LiveAnalyses(SparkSession.builder().remote(requireEndpoints().sparkConnect).build());
  }

  close(): Promise<void> {
    return this.spark.stop();
  }

  plan(name: AnalysisName, rows: readonly TransactionChange[]): DataFrame {
    const analysis = transactionsPipeline.analyses[name];
    if (analysis === undefined) throw new Error(`no plan for ${name}`);
    return analysis.finish(analysis.aggregate(transactions(this.spark, rows)));
  }

  figures(name: AnalysisName, rows: readonly TransactionChange[]): Promise<RowObject[]> {
    return this.plan(name, rows).collect();
  }

  /** Only these columns of the figures. */
  async cells(
    name: AnalysisName,
    columns: readonly string[],
    rows: readonly TransactionChange[],
  ): Promise<unknown[][]> {
    return (await this.figures(name, rows)).map((row) => columns.map((column) => row[column]));
  }
}
