import type { Problem } from '../http/plain-message';

/** The part of a zod schema that this library needs; any schema with this method will do. */
export interface Schema<T> {
  safeParse(
    value: unknown,
    words?: { readonly error: (problem: Problem) => string | undefined },
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

class Refused {
  constructor(readonly message: string) {}
}

function schemaOf<T>(read: (value: unknown) => T | Refused): Schema<T> {
  return {
    safeParse: (value) => {
      const result = read(value);
      return result instanceof Refused
        ? { success: false, error: { issues: [{ path: [], message: result.message }] } }
        : { success: true, data: result };
    },
  };
}

export function text(limits: { readonly minLength?: number } = {}): Schema<string> {
  const minLength = limits.minLength ?? 1;
  return schemaOf((value) =>
    typeof value === 'string' && value.length >= minLength
      ? value
      : new Refused(minLength > 1 ? `must have at least ${String(minLength)} characters` : 'must be a text'),
  );
}

export function wholeNumber(limits: { readonly min?: number; readonly max?: number } = {}): Schema<number> {
  const min = limits.min ?? 0;
  const max = limits.max ?? Number.MAX_SAFE_INTEGER;
  return schemaOf((value) => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
      ? number
      : new Refused(
          `must be a whole number from ${String(min)}${limits.max === undefined ? '' : ` to ${String(max)}`}`,
        );
  });
}

export function flag(): Schema<boolean> {
  return schemaOf((value) => {
    if (value === true || value === 'true' || value === '1') return true;
    if (value === false || value === 'false' || value === '0') return false;
    return new Refused('must be true or false');
  });
}

export function choice<const T extends string>(values: readonly T[]): Schema<T> {
  return schemaOf(
    (value) => values.find((known) => known === value) ?? new Refused(`must be one of: ${values.join(', ')}`),
  );
}

/** A JSON array, or in an environment variable a list with commas. */
export function textList(): Schema<readonly string[]> {
  return schemaOf((value) => {
    const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
    return Array.isArray(items) &&
      items.length > 0 &&
      items.every((item) => typeof item === 'string' && item !== '')
      ? (items as string[])
      : new Refused('must be a list of texts (separated by commas)');
  });
}

/** A URL with one of the schemes (`['redis:', 'rediss:']`), as text and without a slash at its end. */
export function url(schemes: readonly string[]): Schema<string> {
  return schemaOf((value) => {
    if (typeof value !== 'string' || !URL.canParse(value) || !schemes.includes(new URL(value).protocol)) {
      return new Refused(`must be a URL that starts with ${schemes.map((it) => `${it}//`).join(' or ')}`);
    }
    return value.replace(/\/+$/, '');
  });
}

const ORIGINS = 'must be a list of origins like https://host:port, without a path (separated by commas)';

/** Origins of http(s) URLs, each as `URL.origin` spells it; the list may be empty. */
export function originList(): Schema<readonly string[]> {
  return schemaOf((value) => {
    const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
    if (!Array.isArray(items)) return new Refused(ORIGINS);
    const origins = items.map(originOf);
    return origins.every((origin) => origin !== undefined) ? origins : new Refused(ORIGINS);
  });
}

function originOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, origin, href } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && href === `${origin}/` ? origin : undefined;
}
