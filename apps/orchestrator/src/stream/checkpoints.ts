import { Conflict, gapId, InvalidRequest } from '@millrace/domain';
import type {
  CheckpointGeneration,
  OffsetMap,
  QueryCounts,
  StreamGap,
  StreamRegistry,
} from '@millrace/domain';
import type { EventQueryPlan } from '@millrace/pipelines';
import type { SparkSession } from 'spark-connect-js';
import type { KafkaTopics, PartitionOffsets } from '../kafka/kafka-topics';
import { readCheckpointState, sumOf } from './counts-reader';
import { findGaps, offsetsBehindGaps } from './find-gaps';
import type { QueryRunner } from './query-runner';

/** A query's newest checkpoint beside what its topic holds. */
interface Comparison {
  readonly checkpoint: CheckpointGeneration;
  readonly counts: QueryCounts;
  readonly position: OffsetMap;
  readonly held: readonly PartitionOffsets[];
  readonly gaps: readonly StreamGap[];
}

/** The checkpoints of the queries that read a topic, and the gaps that they meet. */
export class Checkpoints {
  constructor(
    private readonly stream: string,
    private readonly registry: StreamRegistry,
    private readonly topics: KafkaTopics,
    private readonly runner: QueryRunner,
    private readonly now: () => Date,
  ) {}

  /**
   * What the topic holds.
   * @throws InvalidRequest naming the topic when Kafka has none of that name.
   * @throws ServiceUnavailable while Kafka does not answer.
   */
  async requireTopic(topic: string): Promise<readonly PartitionOffsets[]> {
    const held = await this.topics.offsetsOf(topic);
    if (held !== undefined) return held;
    throw new InvalidRequest([
      { path: 'topic', message: `Kafka has no topic ${topic}: create it, then start the stream` },
    ]);
  }

  /** Undefined before the first start. */
  current(plan: EventQueryPlan, topic: string): Promise<CheckpointGeneration | undefined> {
    return this.registry.findGeneration({ stream: this.stream, query: plan.name, topic });
  }

  /**
   * Looks for messages that are gone before the query read them, and records them. The query must not run: its position must be the last.
   * @returns what it has missed; most of the time nothing.
   */
  async check(spark: SparkSession, plan: EventQueryPlan, topic: string): Promise<readonly StreamGap[]> {
    const { gaps } = await this.compare(spark, plan, topic);
    await this.registry.recordGaps(this.stream, gaps);
    return gaps;
  }

  /**
   * Begins a checkpoint that goes on behind the gaps, if these are the ones that somebody has named.
   * @throws Conflict naming the gaps there are when they are not.
   */
  async acceptGaps(
    spark: SparkSession,
    plan: EventQueryPlan,
    topic: string,
    named: readonly string[],
  ): Promise<readonly StreamGap[]> {
    const { checkpoint, counts, position, held, gaps } = await this.compare(spark, plan, topic);
    await this.registry.recordGaps(this.stream, gaps);
    requireSame(gaps.map(gapId), named);
    const startTime = this.now();
    const isBegun = await this.registry.beginGeneration({
      ...checkpoint,
      generation: checkpoint.generation + 1,
      startOffsets: offsetsBehindGaps(position, held),
      baseCounts: sumOf(checkpoint.baseCounts, counts),
      startTime,
    });
    if (!isBegun) throw new Conflict('Somebody else has accepted these gaps in this moment');
    return gaps.map((gap) => ({ ...gap, acceptedAt: startTime }));
  }

  private async compare(spark: SparkSession, plan: EventQueryPlan, topic: string): Promise<Comparison> {
    const checkpoint = (await this.current(plan, topic)) ?? (await this.first(plan, topic));
    const { generation, startOffsets } = checkpoint;
    const path = this.runner.checkpointPath(plan, topic, generation);
    const state = await readCheckpointState(spark, path, topic);
    const { counts, position } = state ?? { counts: {}, position: startOffsets };
    // After the position, which only goes forward.
    const held = await this.requireTopic(topic);
    const of = { query: plan.name, topic, generation, detectedAt: this.now(), acceptedAt: null };
    const gaps = findGaps(position, held).map((gap) => ({ ...of, ...gap }));
    return { checkpoint, counts, position, held, gaps };
  }

  /** Where the first checkpoint began is known from then on, also if it never ends a micro-batch. */
  private async first(plan: EventQueryPlan, topic: string): Promise<CheckpointGeneration> {
    const held = await this.requireTopic(topic);
    const begun = {
      ...{ stream: this.stream, query: plan.name, topic, generation: 1, baseCounts: {} },
      startOffsets: offsetsBehindGaps({}, held),
      startTime: this.now(),
    };
    await this.registry.beginGeneration(begun);
    return begun;
  }
}

/** One sentence about what is gone, with the cure. */
export function gapsSentence(gaps: readonly StreamGap[]): string {
  const [gap] = gaps;
  const cause =
    gap?.reason === 'RECREATED'
      ? 'the topic was deleted and made again'
      : "Kafka's retention deleted them before they were read";
  return (
    `Messages are gone (${cause}): ${gaps.map(gapId).join(', ')}; ` +
    'POST /stream/continue with these names in acceptGaps gives them up and goes on'
  );
}

function requireSame(open: readonly string[], named: readonly string[]): void {
  if (open.length === 0)
    throw new Conflict('The topic holds all that was not read: there is no gap to accept');
  if (open.length === named.length && open.every((id) => named.includes(id))) return;
  throw new Conflict(`acceptGaps must name exactly the gaps that there are: ${open.join(', ')}`);
}
