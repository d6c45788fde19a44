/**
 * Text that Postgres can store. It refuses NUL in text and NUL or half a surrogate pair in JSON; an error message or a
 * progress report of Spark may hold either, and must not keep a batch from being marked as failed.
 */
export function storableText(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\uFFFD');
}

/** The same for every string inside a JSON value. */
export function storableJson<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'string' ? storableText(inner) : inner,
    ),
  ) as T;
}

/** Whether Postgres can store every text inside a value as it is. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return storableText(value) === value;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}
