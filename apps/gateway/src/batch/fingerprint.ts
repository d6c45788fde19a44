import { createHash } from 'node:crypto';
import type { BatchRequest } from '@millrace/domain';
import { isKafkaRequest } from './read-batch-request';

/** Equal for requests that ask for the same thing, whatever the order of their members and however they write it. */
export function requestFingerprint(request: BatchRequest): string {
  const { filters, labels, sinks, ...rest } = request;
  return fingerprintOf({
    ...rest,
    source: isKafkaRequest(request) ? 'kafka' : (request.source ?? 'delta'),
    ...(isEmpty(filters) ? {} : { filters }),
    ...(isEmpty(labels) ? {} : { labels }),
    ...(isEmpty(sinks) ? {} : { sinks }),
  });
}

export function fingerprintOf(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}

/** JSON with the members of each object in the order of their names. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
