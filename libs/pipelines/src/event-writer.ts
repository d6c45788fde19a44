import type { Column, DataFrame, DataStreamWriter } from 'spark-connect-js';
import { coalesce, col, concat_ws, count, expr, lit, when } from 'spark-connect-js/functions';
import { INGESTED_AT, REJECT_REASON } from './examined-event';
import { CONTRACT_METRICS } from './pipeline';
import type { EventQueryPlan } from './pipeline';

/** Sink of `infra/spark`: events, rejects and what is beyond the horizon, each committed once. */
const SINK = 'millrace-events';

/** What the sink needs of a Kafka row beside the event. */
const CARRIED = ['_topic', '_partition', '_offset', '_timestamp', '_key', '_value'] as const;

/** Columns of Kafka's source, under the names that the sink knows them by. */
const KAFKA_COLUMNS = ['value', ...CARRIED.map((name) => col(name.slice(1)).alias(name))];

export interface Deduplication {
  /**
   * How long the ids of events are remembered, from when they were read. Older events are looked up in the table. 0: no event is remembered
   * or looked up.
   */
  readonly horizonSeconds: number;
}

export interface EventSink {
  readonly rejectsPath: string;
  readonly deduplication: Deduplication;
  /** When this checkpoint of the query was begun, if it had others before: it does not remember what they read. */
  readonly readBefore?: Date | undefined;
}

/**
 * All rows of a topic to the sink, without those that repeat an event. The watermark is over the time at which a row was read, which only
 * goes forward: an event can be late for a window, never for the table. An event is remembered longer than the horizon by as much as its
 * time may be ahead, so that its first copy is either remembered or found in the table.
 */
export function eventWriter(kafkaRows: DataFrame, plan: EventQueryPlan, sink: EventSink): DataStreamWriter {
  const examined = examine(kafkaRows, plan, sink);
  return deduplicated(examined, plan, sink.deduplication)
    .writeStream.format(SINK)
    .outputMode('append')
    .option('rejectsPath', sink.rejectsPath)
    .option('keyColumn', plan.keyColumn)
    .option('dateColumn', plan.dateColumn);
}

function examine(kafkaRows: DataFrame, plan: EventQueryPlan, sink: EventSink): DataFrame {
  const isRejected = col(REJECT_REASON).isNotNull();
  const isBeyond = lit(sink.deduplication.horizonSeconds > 0).and(isForgotten(plan, sink));
  return plan
    .examine(received(kafkaRows).select(...KAFKA_COLUMNS), CARRIED)
    .withColumn('_key', when(isRejected, col('_key')))
    .withColumn('_value', when(isRejected, col('_value')))
    .withColumn('_beyond_horizon', coalesce(isBeyond, lit(false)))
    .withColumn('_event_key', when(isRejected, coordinates()).otherwise(col(plan.keyColumn)));
}

/** Counted as they come: Spark copies rows where it counts them, and these have few columns. */
const received = (kafkaRows: DataFrame) =>
  kafkaRows.observe(
    CONTRACT_METRICS,
    count(lit(1)).alias('received'),
    expr('unix_millis(max(timestamp))').alias('newest'),
  );

/**
 * Whether the first copy of an event may have been read when nobody remembers it any more: longer ago than the horizon, or by an earlier
 * checkpoint, which stored no event that was further ahead than the contract lets it be.
 */
function isForgotten(plan: EventQueryPlan, { deduplication, readBefore }: EventSink): Column {
  const time = col(plan.timeColumn);
  const isOld = time.lt(col(INGESTED_AT).minus(expr(`INTERVAL '${deduplication.horizonSeconds}' SECOND`)));
  if (readBefore === undefined) return isOld;
  return isOld.or(time.lt(expr(`timestamp_millis(${readBefore.getTime() + plan.maxSecondsAhead * 1_000})`)));
}

/** A rejected row repeats no other. */
const coordinates = () =>
  concat_ws(':', col('_topic'), col('_partition').cast('string'), col('_offset').cast('string'));

function deduplicated(rows: DataFrame, plan: EventQueryPlan, { horizonSeconds }: Deduplication): DataFrame {
  if (horizonSeconds === 0) return rows;
  return rows
    .withWatermark(INGESTED_AT, `${horizonSeconds + plan.maxSecondsAhead} seconds`)
    .dropDuplicatesWithinWatermark('_event_key');
}
