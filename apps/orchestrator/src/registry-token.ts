/** What the registry is injected by: `Registry` is an interface. */
export const REGISTRY = Symbol('Registry');
