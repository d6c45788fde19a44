import { isMillraceError } from '@millrace/domain';
import { isSparkConnectError } from 'spark-connect-js';
import { summaryOf } from '../spark/session-errors';
import { mayPass } from './failure-policy';
import { MembersFailed } from './members-failed';

interface KnownFailure {
  /** Error class of Spark, or the JVM class that its message begins with. */
  readonly sign: RegExp;
  readonly sentence: string;
}

const AGED_OUT =
  'Kafka does not have all rows of these offsets any more (past the retention of the topic, or the topic was deleted): ' +
  'submit the batch again with "earliest", or with offsets that are still there';

/** What people meet and can do something about; Spark's own sentence speaks of its options. */
const KNOWN_FAILURES: readonly KnownFailure[] = [
  { sign: /^KAFKA_DATA_LOSS/, sentence: AGED_OUT },
  { sign: /\bOffsetOutOfRangeException\b/, sentence: AGED_OUT },
  {
    sign: /\bUnknownTopicOrPartitionException\b/,
    sentence:
      'The topic, or a partition of it, is not in Kafka any more: submit the batch again with a topic that is there',
  },
  {
    sign: /^DELTA_(VERSION_NOT_FOUND|NO_RECREATABLE_HISTORY_FOUND|LOG_FILE_NOT_FOUND|VERSION_NOT_CONTIGUOUS)/,
    sentence:
      'The version of the source table that this batch reads is not in its log (any more): ' +
      'rerun the batch at the latest version',
  },
  {
    sign: /^FAILED_READ_FILE\.FILE_NOT_EXIST|^DELTA_FILE_NOT_FOUND/,
    sentence:
      'Files of the version of the table that this batch reads are gone (VACUUM removed them): ' +
      'rerun the batch at the latest version',
  },
];

/** Why a batch failed, in one sentence for people: the cause, and the cure where one is known. */
export function failureSentence(error: unknown): string {
  return knownSentence(error) ?? summaryOf(error);
}

function knownSentence(error: unknown): string | undefined {
  const summary = summaryOf(error);
  const errorClass = isSparkConnectError(error) ? (error.errorClass ?? '') : '';
  return KNOWN_FAILURES.find(({ sign }) => sign.test(errorClass) || sign.test(summary))?.sentence;
}

/** The error with its stack for a log line, where the sentence alone does not tell what happened. */
export function causeForLog(error: unknown): { readonly err?: unknown } {
  const isForeseen = error instanceof MembersFailed || mayPass(error) || isMillraceError(error);
  return isForeseen || knownSentence(error) !== undefined ? {} : { err: error };
}

export function timeoutSentence(limitSeconds: number): string {
  return (
    `The attempt took longer than its limit of ${limitSeconds} s and was stopped: ` +
    'submit the batch again with a higher timeoutSeconds, or raise BATCH_TIMEOUT_SECONDS'
  );
}

export function awayAtLimitSentence(limitSeconds: number): string {
  return `Spark could not be reached when the attempt came to its limit of ${limitSeconds} s`;
}
