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
