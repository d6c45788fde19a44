import type { StreamQueryRecord, StreamRecord } from '@millrace/domain';
import type { StreamingQueryPlan } from '@millrace/pipelines';

/** What was asked of the stream, and what is known of its queries. */
export type AskedStream = Pick<StreamRecord, 'topic' | 'mode' | 'queries'>;

/** Of a query that a drain starts when the events are stored. */
const WAITS = 'Waits until the events are stored';
export const SPARK_IS_AWAY =
  'Spark does not answer: the query goes on, or is started again from its checkpoint, when it does';
const ENDED_UNSEEN = 'The query ended while nobody watched it: Spark or the orchestrator was started again';

export const recordOf = ({ queries }: AskedStream, plan: StreamingQueryPlan): StreamQueryRecord | undefined =>
  queries.find(({ name }) => name === plan.name);

/** Of a query that does not run: where its record says that it does, or that Spark is away, nobody has seen it end. */
export function endedOf(stream: AskedStream, plan: StreamingQueryPlan): StreamQueryRecord | undefined {
  const record = recordOf(stream, plan);
  const isUnseen = record?.isActive === true || record?.errorMessage === SPARK_IS_AWAY;
  return isUnseen ? { ...record, errorMessage: ENDED_UNSEEN } : record;
}

/** A record for a query that is started later: what happened to it before is over. */
export const waiting = (record: StreamQueryRecord): StreamQueryRecord => ({
  ...record,
  ...{ isActive: false, failure: null, errorMessage: null, statusMessage: WAITS, restarts: 0 },
});

/** The record of a query whose stream is stopped; undefined where it says nothing else already. */
export function stoppedRecord(record: StreamQueryRecord): StreamQueryRecord | undefined {
  const isAway = record.errorMessage === SPARK_IS_AWAY;
  if (!record.isActive && !isAway && record.statusMessage !== WAITS) return undefined;
  const errorMessage = isAway ? null : record.errorMessage;
  return { ...record, isActive: false, statusMessage: null, errorMessage };
}

/** How often a query was started again, once it is started now. */
export const restartsAfter = (record: StreamQueryRecord | undefined): number =>
  record === undefined || record.statusMessage === WAITS ? 0 : record.restarts + 1;
