import { InvalidRequest } from '@millrace/domain';
import type { ErrorDetail } from '@millrace/domain';
import type { Schema } from '../config/schema';
import { plainMessage, UNKNOWN_FIELD } from './plain-message';

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string;
  /** That a strict object does not know. */
  readonly keys?: readonly string[];
  /** Type that the value does not have. */
  readonly expected?: string;
}

const IN_PLAIN_WORDS = { error: plainMessage };

/**
 * The value as the schema gives it.
 * @throws InvalidRequest with a detail for each wrong field, by its path (`filters.region`).
 */
export function parseBody<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value, IN_PLAIN_WORDS);
  if (result.success) return result.data;
  const issues: readonly Issue[] = result.error.issues;
  if (issues.some(isNoObject)) throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
  throw new InvalidRequest(withoutEchoes(issues).flatMap(detailsOf));
}

/** As `parseBody`, for a query string. A parameter that is given again is an array there. */
export function parseQuery<T>(schema: Schema<T>, query: unknown): T {
  const given = (query ?? {}) as Readonly<Record<PropertyKey, unknown>>;
  const result = schema.safeParse(given, IN_PLAIN_WORDS);
  if (result.success) return result.data;
  const issues: readonly Issue[] = result.error.issues;
  throw new InvalidRequest(
    withoutEchoes(issues).flatMap((issue) =>
      isRepeated(given, issue) ? [{ path: pathOf(issue), message: 'must be given once' }] : detailsOf(issue),
    ),
  );
}

function isRepeated(query: Readonly<Record<PropertyKey, unknown>>, { path, code }: Issue): boolean {
  const [name, ...inside] = path;
  if (name === undefined || inside.length > 0 || !Array.isArray(query[name])) return false;
  return code === 'invalid_type' || code === 'invalid_value';
}

/** For a route that takes no parameters. @throws InvalidRequest with a detail for each that is given. */
export function requireNoQuery(query: unknown): void {
  const names = Object.keys(query ?? {});
  if (names.length > 0) throw new InvalidRequest(names.map((path) => ({ path, message: UNKNOWN_FIELD })));
}

function isNoObject({ path, code, expected }: Issue): boolean {
  return path.length === 0 && code === 'invalid_type' && expected === 'object';
}

function detailsOf(issue: Issue): ErrorDetail[] {
  const { path, message, keys } = issue;
  if (keys === undefined) return [{ path: pathOf(issue), message }];
  return keys.map((key) => ({ path: [...path, key].map(String).join('.'), message }));
}

/** Zod measures what has a length although it has the wrong type: that it has the wrong type is enough to know. */
function withoutEchoes(issues: readonly Issue[]): Issue[] {
  const ofWrongType = new Set(issues.filter(({ code }) => code === 'invalid_type').map(pathOf));
  return issues.filter((issue) => issue.code === 'invalid_type' || !ofWrongType.has(pathOf(issue)));
}

function pathOf({ path }: Issue): string {
  return path.map(String).join('.');
}
