import { ServiceUnavailable } from '@millrace/domain';
import {
  AnalysisError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  OperationCanceledError,
  SessionChangedError,
  SparkConnectError,
} from 'spark-connect-js';
import { isSparkLost, judgeFailure } from './failure-policy';
import { failureSentence } from './failure-sentence';

/** As Spark 4.0.1 says them. */
const AGED_OUT = new SparkConnectError(
  'Some data may have been lost because they are not available in Kafka any more;\neither the data was aged out …',
  { errorClass: 'KAFKA_DATA_LOSS.COULD_NOT_READ_OFFSET_RANGE' },
);
const TOPIC_GONE = new SparkConnectError(
  'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.',
);
const NO_VERSION = new AnalysisError(
  '[DELTA_VERSION_NOT_FOUND] Cannot time travel Delta table to version 9. Available versions: [0, 2].',
  { errorClass: 'DELTA_VERSION_NOT_FOUND' },
);
const VACUUMED = new SparkConnectError(
  '[FAILED_READ_FILE.FILE_NOT_EXIST] Encountered error while reading file file:/data/x.parquet.',
  { errorClass: 'FAILED_READ_FILE.FILE_NOT_EXIST' },
);
const NO_BROKER = new SparkConnectError(
  'org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment. Call: listNodes',
);
const JOB_CANCELLED = new SparkConnectError('[SPARK_JOB_CANCELLED] Job 7 cancelled', {
  errorClass: 'SPARK_JOB_CANCELLED',
});
const CONFLICT = new SparkConnectError('conflict', { errorClass: 'DELTA_CONCURRENT_APPEND' });

describe('judging a failure', () => {
  it.each([
    ['Spark is away', new ConnectionUnavailableError('refused')],
    ['Spark did not answer in time', new DeadlineExceededError('late')],
    ['the registry is away', new ServiceUnavailable('Postgres does not answer')],
  ])('never counts that %s', (_what, error) => {
    expect(judgeFailure(error, 99).kind).toBe('postpone');
  });

  it.each([
    ['a lost session', new SessionChangedError('restarted')],
    ['an interrupt by somebody else', new OperationCanceledError('cancelled')],
    ['an interrupt that was faster than its execution', JOB_CANCELLED],
    ['a conflict of commits', CONFLICT],
    ['lost brokers', NO_BROKER],
  ])('tries again after %s, with growing pauses, three times in all', (_what, error) => {
    expect(judgeFailure(error, 0)).toEqual({ kind: 'retry', delayMs: 2_000 });
    expect(judgeFailure(error, 1)).toEqual({ kind: 'retry', delayMs: 4_000 });
    expect(judgeFailure(error, 2)).toEqual({ kind: 'fail' });
  });

  it.each([
    ['offsets that are gone', AGED_OUT, /Kafka does not have all rows.*submit the batch again/],
    ['a topic that is gone', TOPIC_GONE, /topic.*not in Kafka any more.*submit/],
    ['a version that is not there', NO_VERSION, /version of the source table.*rerun the batch/],
    ['files that VACUUM removed', VACUUMED, /VACUUM.*rerun the batch/],
    ['a wrong plan', new AnalysisError('[UNRESOLVED_COLUMN] no x\nat y'), /^\[UNRESOLVED_COLUMN\] no x$/],
  ])('fails at once for %s, with a sentence for people', (_what, error, sentence) => {
    expect(judgeFailure(error, 0)).toEqual({ kind: 'fail' });
    expect(failureSentence(error)).toMatch(sentence);
    expect(failureSentence(error)).not.toContain('\n');
  });

  it('knows a lost Spark from a Postgres that is away', () => {
    expect(isSparkLost(new ConnectionUnavailableError('refused'))).toBe(true);
    expect(isSparkLost(new SessionChangedError('restarted'))).toBe(true);
    expect(isSparkLost(new ServiceUnavailable('Postgres does not answer'))).toBe(false);
    expect(isSparkLost(AGED_OUT)).toBe(false);
  });
});
