import { InvalidRequest } from '@millrace/domain';
import type { ErrorDetail } from '@millrace/domain';
import type { Schema } from '../config/schema';

/** A problem as zod tells it, with what it adds for some codes. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string;
  /** That a strict object does not know. */
  readonly keys?: readonly string[];
  /** Type that the value does not have. */
  readonly expected?: string;
}

/**
 * The value as the schema gives it.
 * @throws InvalidRequest with a detail for each wrong field, by its path (`filters.region`).
 */
export function parseBody<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues: readonly Issue[] = result.error.issues;
  if (issues.some(isNoObject)) throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
  throw new InvalidRequest(issues.flatMap(detailsOf));
}

/** As `parseBody`, for a query string. */
export function parseQuery<T>(schema: Schema<T>, query: unknown): T {
  return parseBody(schema, query ?? {});
}

function isNoObject({ path, code, expected }: Issue): boolean {
  return path.length === 0 && code === 'invalid_type' && expected === 'object';
}

function detailsOf(issue: Issue): ErrorDetail[] {
  const { code, keys } = issue;
  if (code === 'unrecognized_keys' && keys !== undefined) {
    const message = /^unrecognized key/i.test(issue.message) ? 'is not a known field' : issue.message;
    return keys.map((key) => ({ path: [...issue.path, key].map(String).join('.'), message }));
  }
  return [{ path: issue.path.map(String).join('.'), message: issue.message }];
}
