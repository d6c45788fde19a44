/** Something that is asked for, and maybe asked for again. */
export type Loadable<T> =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'ready';
      readonly value: T;
      readonly asOf: Date;
      /** Why it could not be asked for again: what is shown is old. */
      readonly problem: string | null;
    }
  | { readonly kind: 'failed'; readonly problem: string };

export const loaded = <T>(value: T, asOf: Date): Loadable<T> => ({
  kind: 'ready',
  value,
  asOf,
  problem: null,
});

/** What was there stays: an old figure that says so is better than none. */
export function failedAfter<T>(before: Loadable<T>, problem: string): Loadable<T> {
  return before.kind === 'ready' ? { ...before, problem } : { kind: 'failed', problem };
}
