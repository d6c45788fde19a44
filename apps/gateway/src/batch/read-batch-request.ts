import { deltaBatchRequestSchema, InvalidRequest, kafkaBatchRequestSchema } from '@millrace/domain';
import type { BatchRequest, ErrorDetail, KafkaBatchRequest } from '@millrace/domain';
import { parseBody } from '@millrace/platform';

const FIELDS = {
  kafka: ['topic', 'startOffset', 'endOffset'],
  delta: ['startDate', 'endDate', 'sourceVersion', 'sourceTimestamp'],
} as const;
type Mode = keyof typeof FIELDS;
type GivenFields = Readonly<Record<Mode, readonly string[]>>;

const MODE_OF_SOURCE = new Map<unknown, Mode>([
  ['kafka', 'kafka'],
  ['delta', 'delta'],
  ['seed', 'delta'],
]);

const TWO_MODES = 'a batch has one source: either startDate and endDate, or topic, startOffset and endOffset';

/**
 * The request of `POST /batch/run`. Which fields it has says which source it reads; `source` says so too.
 * @throws InvalidRequest naming every wrong field; where the fields of both modes are given or of neither, those.
 */
export function readBatchRequest(body: unknown): BatchRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
  }
  const mode = modeOf(body);
  return mode === 'kafka'
    ? parseBody(kafkaBatchRequestSchema, body)
    : parseBody(deltaBatchRequestSchema, body);
}

export function isKafkaRequest(request: BatchRequest): request is KafkaBatchRequest {
  return 'topic' in request;
}

function modeOf(body: object): Mode {
  const given = {
    kafka: FIELDS.kafka.filter((name) => Object.hasOwn(body, name)),
    delta: FIELDS.delta.filter((name) => Object.hasOwn(body, name)),
  };
  if (Object.hasOwn(body, 'source')) return modeOfSource((body as { source: unknown }).source, given);
  const isKafka = given.kafka.length > 0;
  if (isKafka === given.delta.length > 0) throw isKafka ? bothModes(given) : neitherMode(body);
  return isKafka ? 'kafka' : 'delta';
}

function modeOfSource(source: unknown, given: GivenFields): Mode {
  const mode = MODE_OF_SOURCE.get(source);
  if (mode === undefined) {
    throw new InvalidRequest([{ path: 'source', message: 'must be one of: delta, kafka, seed' }]);
  }
  const foreign = mode === 'kafka' ? given.delta : given.kafka;
  if (foreign.length === 0) return mode;
  const message = `does not belong to source ${String(source)}`;
  throw new InvalidRequest(foreign.map((path) => ({ path, message })));
}

function bothModes(given: GivenFields): InvalidRequest {
  return new InvalidRequest([
    ...given.delta.map((path) => ({ path, message: 'is a field of Delta mode' })),
    ...given.kafka.map((path) => ({ path, message: 'is a field of Kafka mode' })),
    { path: '', message: TWO_MODES },
  ]);
}

function neitherMode(body: object): InvalidRequest {
  const missing = ['startDate', 'endDate', 'topic', 'startOffset', 'endOffset'];
  const details: ErrorDetail[] = missing.map((path) => ({ path, message: 'is missing' }));
  details.push({ path: '', message: `${TWO_MODES}; with "next" alone, name the "source"` });
  if (!Object.hasOwn(body, 'analysisType')) details.push({ path: 'analysisType', message: 'is required' });
  return new InvalidRequest(details);
}
