import { InvalidRequest } from '@millrace/domain';
import type { ErrorDetail } from '@millrace/domain';
import type { Schema } from '../config/schema';

/** What zod adds to an issue about keys that a strict object does not know. */
interface UnknownKeys {
  readonly code?: string;
  readonly keys?: readonly string[];
}

/**
 * The value as the schema gives it.
 * @throws InvalidRequest with a detail for each wrong field, by its path (`filters.region`).
 */
export function parseBody<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidRequest(result.error.issues.flatMap(detailsOf));
}

/** As `parseBody`, for a query string. */
export function parseQuery<T>(schema: Schema<T>, query: unknown): T {
  return parseBody(schema, query ?? {});
}

function detailsOf(issue: {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}): ErrorDetail[] {
  const { code, keys } = issue as UnknownKeys;
  if (code === 'unrecognized_keys' && keys !== undefined) {
    const message = /^unrecognized key/i.test(issue.message) ? 'is not a known field' : issue.message;
    return keys.map((key) => ({ path: [...issue.path, key].map(String).join('.'), message }));
  }
  return [{ path: issue.path.map(String).join('.'), message: issue.message }];
}
