/**
 * Whether a value is an object of nothing but its members, also one made in another context of Node or without a prototype: only of such
 * an object it is known that its members are all it means. A `Set`, a `RegExp` or an instance of a class hides what it holds.
 */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The name of the class of an object, for sentences about values that cannot be sent. */
export function classNameOf(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown };
  return typeof constructor === 'function' ? constructor.name : 'Object';
}
