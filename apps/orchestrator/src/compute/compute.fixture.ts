import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_TRANSACTION_COLUMNS, tablePaths } from '@millrace/domain';
import type { BatchProgress, BatchRecord, NewBatch, TablePaths } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import type { Pipeline } from '@millrace/pipelines';
import { InMemoryBatchRegistry, aNewBatch, requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import type { Column, DataFrame } from 'spark-connect-js';
import { expr, lit } from 'spark-connect-js/functions';
import type { StepRun } from './batch-computation';
import { ComputeBatch } from './compute-batch';
import type { ComputeBatchParts } from './compute-batch';

/** A row of each of the first days of January 2025, `id` seconds after midnight; categories and statuses take turns. As events they keep the contract. */
export function someTransactions(spark: SparkSession, rows: number): DataFrame {
  const values: Readonly<Record<string, Column>> = {
    transaction_id: expr("concat('00000000-0000-4000-8000-', lpad(id, 12, '0'))"),
    event_timestamp: expr(
      "timestamp'2025-01-01T00:00:00.000007Z' + make_interval(0, 0, 0, id % 10, 0, 0, id)",
    ),
    event_date: expr('make_date(2025, 1, cast(id % 10 + 1 as int))'),
    category: expr("element_at(array('books', 'toys', 'sports'), cast(id % 3 + 1 as int))"),
    transaction_status: expr("if(id % 5 = 0, 'failed', 'completed')"),
    customer_id: expr("concat('CUST-', id % 7)"),
    total_amount: expr('cast(id as double)'),
    unit_price: expr('cast(id as double)'),
    quantity: lit(1).cast('int'),
    customer_tier: lit('gold'),
    currency: lit('USD'),
    payment_method: lit('upi'),
    channel: lit('web'),
    region: lit('north'),
  };
  const columns = STORED_TRANSACTION_COLUMNS.map(({ name, type, nullable }) => {
    const value = values[name] ?? (nullable ? lit(null) : type === 'string' ? lit(name) : lit(1));
    return value.cast(type).alias(name);
  });
  return spark.range(rows).select(...columns);
}

/** The pipeline whose raw rows take a known time each, and no processor: a task can be met while it runs. */
export function slowed(msPerRow: number): Pipeline {
  return {
    ...transactionsPipeline,
    selectRows: (rows, selection) =>
      transactionsPipeline
        .selectRows(rows, selection)
        .filter(expr(`reflect('java.lang.Thread', 'sleep', ${String(msPerRow)}L) is distinct from 'never'`)),
  };
}

/** A Spark session of its own, a registry in memory, and a folder for tables. */
export class ComputeFixture {
  readonly registry = new InMemoryBatchRegistry();
  readonly paths: TablePaths;

  private constructor(
    readonly spark: SparkSession,
    readonly folder: string,
  ) {
    this.paths = tablePaths(join(folder, 'delta'));
  }

  static async open(): Promise<ComputeFixture> {
    const spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
    return new ComputeFixture(spark, await mkdtemp(join(tmpdir(), 'compute-')));
  }

  async close(): Promise<void> {
    await this.spark.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The same session as another process has it. */
  otherProcess(): SparkSession {
    const { sessionId, userId } = this.spark;
    const remote = `${requireEndpoints().sparkConnect}/;user_id=${userId};session_id=${sessionId}`;
    return SparkSession.builder().remote(remote).build();
  }

  /** As a process that has just started makes it: it knows what the registry and Spark know. */
  compute(parts: Partial<ComputeBatchParts> = {}): ComputeBatch {
    return new ComputeBatch({
      connection: { require: () => this.spark },
      registry: this.registry,
      paths: this.paths,
      pipeline: transactionsPipeline,
      kafka: { bootstrapServers: requireEndpoints().kafka, groupIdPrefix: 'compute-spec' },
      sinks: {},
      ...parts,
    });
  }

  async claimed(request: Partial<NewBatch> = {}): Promise<BatchRecord> {
    const uuid = randomUUID();
    const { batchId } = aNewBatch({ uuid });
    await this.registry.register(aNewBatch({ uuid, ...request }), { maxPending: 100 });
    return this.claim({ batchId, attempt: 1 });
  }

  async claim(key: { batchId: string; attempt: number }): Promise<BatchRecord> {
    const record = await this.registry.claim(key, new Date());
    if (record === undefined) throw new Error(`${key.batchId} cannot be claimed`);
    return record;
  }

  /** The batch as the next attempt gets it, after this process died or gave it back. */
  async nextAttempt(batch: BatchRecord): Promise<BatchRecord> {
    const pending = await this.registry.handBack(batch, {});
    if (pending === undefined) throw new Error(`${batch.batchId} cannot be handed back`);
    return this.claim(pending);
  }

  async current({ batchId }: BatchRecord): Promise<BatchRecord> {
    const record = await this.registry.find(batchId);
    if (record === undefined) throw new Error(`${batchId} is gone`);
    return record;
  }

  /** Versions of a table, newest first. */
  async versions(path: string): Promise<unknown[]> {
    const history = await this.spark.sql(`DESCRIBE HISTORY delta.\`${path}\``);
    return (await history.collect()).map((commit) => commit['version']);
  }

  count(path: string): Promise<number> {
    return this.spark.read.format('delta').load(path).count();
  }
}

/** A run that keeps what it was told. */
export function aRun(): StepRun & { readonly abort: AbortController; readonly told: BatchProgress[] } {
  const abort = new AbortController();
  const told: BatchProgress[] = [];
  return { abort, told, signal: abort.signal, onProgress: (progress) => told.push(progress) };
}
