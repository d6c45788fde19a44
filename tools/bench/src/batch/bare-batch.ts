import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { transactionsPipeline } from '@millrace/pipelines';
import { SparkSession } from 'spark-connect-js';
import type { DataFrame } from 'spark-connect-js';
import type { MeasuredStack } from '../stack';
import type { Submission } from './gateway';

/**
 * A batch as a client would write it by hand with the Spark Connect client: the raw rows of a version that it knows, the
 * analysis of them; no registry, no queue, no ids that survive a crash.
 */
export class BareBatch {
  private readonly spark: SparkSession;
  private readonly source: string;
  private version = 0n;

  constructor(private readonly stack: MeasuredStack) {
    this.spark = SparkSession.builder()
      .remote(stack.endpoints.sparkConnect)
      .build()
      .withSchedulerPool('batch-pool');
    this.source = join(stack.deltaBasePath, 'stream', 'transactions');
  }

  /** The version that every write reads; the table must not change meanwhile. Not part of what is timed. */
  async pin(): Promise<void> {
    const history = await this.spark.sql(`DESCRIBE HISTORY delta.\`${this.source}\` LIMIT 1`);
    const [commit] = await history.select('version').collect();
    const version = commit?.['version'];
    if (typeof version !== 'bigint') throw new Error(`The table at ${this.source} has no version`);
    this.version = version;
  }

  /** The sorted, partitioned rows alone. */
  async writeRaw(submission: Submission): Promise<string> {
    const folder = join(this.stack.deltaBasePath, 'bench', randomUUID());
    const table = this.spark.read
      .format('delta')
      .option('versionAsOf', String(this.version))
      .load(this.source);
    const { startDate, endDate, filters } = submission;
    const selection = { startDate, endDate, afterEventTimestamp: null, filters: filters ?? null };
    const rows = transactionsPipeline.selectRows(table, selection);
    const raw = join(folder, 'raw');
    const output = transactionsPipeline.toRawOutput(rows, 'bench', selection);
    await write(output, raw, transactionsPipeline.rawPartitionBy);
    return folder;
  }

  /** Raw rows, and the analysis of them. */
  async run(submission: Submission): Promise<void> {
    const folder = await this.writeRaw(submission);
    const analysis = transactionsPipeline.analyses[submission.analysisType];
    if (analysis === undefined) throw new Error(`No plan for ${submission.analysisType}`);
    const rows = this.spark.read.format('delta').load(join(folder, 'raw'));
    await write(analysis.finish(analysis.aggregate(rows)).coalesce(1), join(folder, 'aggregated'), []);
  }

  close(): Promise<void> {
    return this.spark.close();
  }
}

async function write(rows: DataFrame, path: string, partitionBy: readonly string[]): Promise<void> {
  const writer = rows.write.format('delta').mode('append');
  if (partitionBy.length > 0) writer.partitionBy(...partitionBy);
  await writer.save(path);
}
