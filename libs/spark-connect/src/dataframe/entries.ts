/** Values by name: a record, or a `Map` or pairs where the order counts: of a record, JavaScript puts keys that are integers first. */
export type ByName<Value> = Readonly<Record<string, Value>> | Iterable<readonly [name: string, value: Value]>;

/** The pairs of a record, a `Map` or pairs. */
export function entriesOf<Key, Value>(
  entries: Readonly<Record<string, Value>> | Iterable<readonly [Key, Value]>,
): (readonly [Key | string, Value])[] {
  return isIterable(entries) ? [...entries] : Object.entries(entries);
}

/** Whether these are a `Map` or pairs. */
export function isIterable<Item>(entries: object | Iterable<Item>): entries is Iterable<Item> {
  return Symbol.iterator in entries;
}

/** A key of a record that may have been a number: to JavaScript `{ 0: 'a' }` and `{ '0': 'a' }` are the same. */
export function numberLikeOf(keys: readonly string[]): string | undefined {
  return keys.find((key) => String(Number(key)) === key);
}
