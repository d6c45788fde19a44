import { deltaBatchRequestSchema, InvalidRequest } from '@millrace/domain';
import type { DeltaBatchRequest } from '@millrace/domain';
import { parseBody } from '@millrace/platform';

const KAFKA_FIELDS = ['topic', 'startOffset', 'endOffset'] as const;
const DELTA_FIELDS = ['startDate', 'endDate'] as const;

const NO_KAFKA_MODE = 'Kafka mode is not available in this version; use startDate and endDate';
const ONE_SOURCE =
  'a batch has one source: either startDate and endDate, or topic, startOffset and endOffset';

/**
 * The request of `POST /batch/run`: which fields it has says which source it reads.
 * @throws InvalidRequest naming every wrong field; where the fields of both sources are given, all of those.
 */
export function readBatchRequest(body: unknown): DeltaBatchRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
  }
  const names = Object.keys(body);
  const kafka = KAFKA_FIELDS.filter((name) => names.includes(name));
  const delta = DELTA_FIELDS.filter((name) => names.includes(name));
  if (kafka.length === 0) return parseBody(deltaBatchRequestSchema, body);
  throw new InvalidRequest([
    ...delta.map((path) => ({ path, message: 'is a field of Delta mode' })),
    ...kafka.map((path) => ({ path, message: 'is a field of Kafka mode' })),
    { path: '', message: delta.length > 0 ? ONE_SOURCE : NO_KAFKA_MODE },
  ]);
}
