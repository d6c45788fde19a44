interface Place {
  readonly path: string;
  readonly value: object;
}

/**
 * Path of the first key that would name the prototype of an object (`filters.__proto__`, `constructor.prototype`).
 * @param json text that is JSON.
 */
export function forbiddenKey(json: string): string | undefined {
  const places: Place[] = [];
  const visit = (path: string, value: unknown) => {
    if (typeof value === 'object' && value !== null) places.push({ path, value });
  };
  visit('', JSON.parse(json));
  // Grows while it is walked, rather than by recursion: a body can have thousands of levels.
  for (const { path, value } of places) {
    const below = (key: string) => (path === '' ? key : `${path}.${key}`);
    if (Object.hasOwn(value, '__proto__')) return below('__proto__');
    if (hasPrototype(Object.getOwnPropertyDescriptor(value, 'constructor')?.value)) {
      return below('constructor.prototype');
    }
    for (const [key, child] of Object.entries(value)) visit(below(key), child);
  }
  return undefined;
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
