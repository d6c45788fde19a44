import type { OffsetMap, QueryCounts } from '@millrace/domain';
import { isSparkConnectError } from 'spark-connect-js';
import type { Row, SparkSession } from 'spark-connect-js';
import { col } from 'spark-connect-js/functions';

/** Each reading is a small Spark job, and a stream ends several micro-batches a second. */
const READ_INTERVAL_MS = 10_000;
const TOTAL = 'total MAP<STRING, BIGINT>';
/** For each topic and partition where the micro-batch began and where it ended. */
const POSITION = `${TOTAL}, offsets MAP<STRING, MAP<STRING, ARRAY<BIGINT>>>`;
/** Of checkpoints that were begun before the sink wrote its mode. */
const FIRST_MODE = 'update';

/** What the sink of a query wrote of its micro-batches, beside the checkpoint; read where there is something new. */
export class CountsReader {
  private counts: QueryCounts | null = null;
  private countedBatchId: number | undefined;
  private readTime = Number.NEGATIVE_INFINITY;

  /** @param base What earlier checkpoints of the query had counted. */
  constructor(
    private readonly spark: SparkSession,
    private readonly checkpointPath: string,
    private readonly base: QueryCounts = {},
  ) {}

  /** @param isLast Of a query that has ended nothing newer will come. */
  async upTo(batchId: number | undefined, now: Date, isLast: boolean): Promise<QueryCounts | null> {
    if (batchId === undefined || batchId === this.countedBatchId) return this.counts;
    if (!isLast && now.getTime() - this.readTime < READ_INTERVAL_MS) return this.counts;
    this.readTime = now.getTime();
    // An idle query names the micro-batch that is next, and the one before it may not have been read yet.
    for (const endedId of [batchId, batchId - 1]) {
      if (endedId === this.countedBatchId || (await this.read(endedId))) break;
    }
    return this.counts;
  }

  /** False where that micro-batch has not ended. */
  private async read(batchId: number): Promise<boolean> {
    const file = `${this.checkpointPath}/counts/${batchId}.json`;
    const [row] = await rowsOf(() => this.spark.read.schema(TOTAL).json(file).collect());
    const counts = toCounts(row);
    if (counts === undefined) return false;
    this.counts = sumOf(this.base, counts);
    this.countedBatchId = batchId;
    return true;
  }
}

/** What a checkpoint has counted, and where it goes on. */
export interface CheckpointState {
  readonly counts: QueryCounts;
  /** Next offset by partition of the topic. */
  readonly position: OffsetMap;
}

/** By the newest micro-batch whose commits are all done; undefined before the first. */
export async function readCheckpointState(
  spark: SparkSession,
  checkpointPath: string,
  topic: string,
): Promise<CheckpointState | undefined> {
  const row = await newestOf(spark, checkpointPath, POSITION);
  const offsets: unknown = row?.['offsets'];
  const partitions: unknown = offsets instanceof Map ? offsets.get(topic) : undefined;
  if (!(partitions instanceof Map)) return undefined;
  const position = [...(partitions as Map<string, readonly unknown[]>)].map(
    ([partition, range]) => [partition, Number(range[1])] as const,
  );
  return { counts: toCounts(row) ?? {}, position: Object.fromEntries(position) };
}

/** In which output mode the sink of an aggregate wrote it; undefined before the first micro-batch. */
export async function readOutputMode(
  spark: SparkSession,
  checkpointPath: string,
): Promise<string | undefined> {
  const row = await newestOf(spark, checkpointPath, 'mode STRING');
  if (row === undefined) return undefined;
  const mode: unknown = row['mode'];
  return typeof mode === 'string' ? mode : FIRST_MODE;
}

/** By name. */
export function sumOf(one: QueryCounts, other: QueryCounts): QueryCounts {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

/** What the sink wrote of the newest micro-batch whose commits are all done. */
async function newestOf(
  spark: SparkSession,
  checkpointPath: string,
  columns: string,
): Promise<Row | undefined> {
  const files = spark.read.schema(`batchId BIGINT, ${columns}`);
  const newest = () =>
    files.json(`${checkpointPath}/counts`).orderBy(col('batchId').desc()).limit(1).collect();
  return (await rowsOf(newest))[0];
}

async function rowsOf(read: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await read();
  } catch (error) {
    // A query that has ended no micro-batch, or of a sink that counts nothing.
    if (isSparkConnectError(error) && error.errorClass === 'PATH_NOT_FOUND') return [];
    throw error;
  }
}

function toCounts(row: Row | undefined): QueryCounts | undefined {
  const total: unknown = row?.['total'];
  if (!(total instanceof Map)) return undefined;
  return Object.fromEntries([...total].map(([name, count]) => [String(name), Number(count)]));
}
