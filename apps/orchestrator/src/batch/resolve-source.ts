import { InvalidRequest, offsetSpecSchema } from '@millrace/domain';
import type { OffsetRange, TablePaths } from '@millrace/domain';
import type { SparkSession } from 'spark-connect-js';
import { z } from 'zod';
import { MISSING_TABLE } from '../compute/batch-source';
import type { KafkaTopics } from '../kafka/kafka-topics';
import { resolveOffsets } from '../kafka/resolve-offsets';
import { hoursItOutlived, versionAt, versionRange } from '../spark/delta-time-travel';
import type { VersionRange } from '../spark/delta-time-travel';
import { asUnavailable } from '../spark/session-errors';

/** Of one call; a request makes one to six. The gateway waits for ten seconds. */
const DEADLINE_MS = 8_000;

const topicRangeSchema = z.strictObject({
  source: z.literal('kafka'),
  topic: z.string().min(1),
  startOffset: offsetSpecSchema('earliest'),
  endOffset: offsetSpecSchema('latest'),
});

const tableVersionSchema = z.strictObject({
  source: z.enum(['delta', 'seed']),
  sourceVersion: z.int().min(0).optional(),
  sourceTimestamp: z.iso.datetime({ offset: true }).optional(),
});

/** The words of a request that only Kafka or Spark can turn into numbers. */
export const sourceRequestSchema = z
  .discriminatedUnion('source', [topicRangeSchema, tableVersionSchema])
  .refine(
    (body) =>
      body.source === 'kafka' || body.sourceVersion === undefined || body.sourceTimestamp === undefined,
    { path: ['sourceTimestamp'], error: 'give either sourceVersion or sourceTimestamp, not both' },
  );

export type SourceRequest = z.infer<typeof sourceRequestSchema>;
type TopicRange = z.infer<typeof topicRangeSchema>;
type TableVersion = z.infer<typeof tableVersionSchema>;

export interface PinnedTable {
  readonly sourcePath: string;
  readonly sourceVersion: number;
}

/** Gives out Spark's session. */
interface SparkSource {
  /** @throws ServiceUnavailable while Spark cannot be reached. */
  require(): SparkSession;
}

/** Turns what a request says about its source into what a batch reads, checked against the topic or table as it is now. */
export class ResolveSource {
  constructor(
    private readonly topics: KafkaTopics,
    private readonly spark: SparkSource,
    private readonly paths: Pick<TablePaths, 'transactions' | 'seed'>,
  ) {}

  /**
   * @throws InvalidRequest naming the field that does not fit the source.
   * @throws ServiceUnavailable while Kafka or Spark, whichever was asked, does not answer.
   */
  async resolve(request: SourceRequest): Promise<OffsetRange | PinnedTable> {
    return request.source === 'kafka' ? this.offsets(request) : this.version(request);
  }

  private async offsets(request: TopicRange): Promise<OffsetRange> {
    const partitions = await this.topics.offsetsOf(request.topic);
    if (partitions === undefined) refuse('topic', 'does not exist in Kafka');
    return resolveOffsets(request, partitions);
  }

  private async version(request: TableVersion): Promise<PinnedTable> {
    const sourcePath = request.source === 'seed' ? this.paths.seed : this.paths.transactions;
    const spark = this.spark.require();
    try {
      const range = await versionRange(spark, sourcePath, { deadlineMs: DEADLINE_MS });
      if (range === undefined) refuse('source', MISSING_TABLE[request.source]);
      return { sourcePath, sourceVersion: await versionOf(spark, sourcePath, request, range) };
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}

async function versionOf(
  spark: SparkSession,
  path: string,
  { sourceVersion, sourceTimestamp }: TableVersion,
  range: VersionRange,
): Promise<number> {
  if (sourceTimestamp !== undefined) {
    const version = await versionAsOf(spark, path, sourceTimestamp, range);
    await requireReadable(spark, path, version, range, 'sourceTimestamp');
    return version;
  }
  if (sourceVersion === undefined) return range.latest;
  if (sourceVersion < range.earliest || sourceVersion > range.latest) {
    refuse(
      'sourceVersion',
      `must be from ${range.earliest} to ${range.latest}, the versions that the table has`,
    );
  }
  await requireReadable(spark, path, sourceVersion, range, 'sourceVersion');
  return sourceVersion;
}

async function requireReadable(
  spark: SparkSession,
  path: string,
  version: number,
  { latest }: VersionRange,
  field: string,
): Promise<void> {
  if (version === latest) return;
  const hours = await hoursItOutlived(spark, path, version, { deadlineMs: DEADLINE_MS });
  if (hours === undefined) return;
  refuse(
    field,
    `names version ${version}, but the table can be read only as it was within the last ${hours} hours`,
  );
}

async function versionAsOf(
  spark: SparkSession,
  path: string,
  timestamp: string,
  range: VersionRange,
): Promise<number> {
  // A commit's time is whole milliseconds: what a finer time has more does not count.
  const found = await versionAt(spark, path, Date.parse(timestamp), range, { deadlineMs: DEADLINE_MS });
  if ('version' in found) return found.version;
  if ('tooEarly' in found) {
    refuse(
      'sourceTimestamp',
      `must not be before ${iso(found.tooEarly.firstCommitMs)}, the oldest version of the table`,
    );
  }
  refuse(
    'sourceTimestamp',
    `must not be after ${iso(found.tooLate.lastCommitMs)}, the latest version of the table`,
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function refuse(path: string, message: string): never {
  throw new InvalidRequest([{ path, message }]);
}
