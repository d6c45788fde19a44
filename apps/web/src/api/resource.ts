import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { failedAfter, loaded } from './loadable';
import type { Loadable } from './loadable';

export interface Resource<T> {
  readonly state: ReadonlySignal<Loadable<T>>;
  readonly refresh: () => Promise<void>;
}

/** Asks once at a time: what is asked for meanwhile is asked once afterwards. */
export function resourceOf<T>(load: () => Promise<T>): Resource<T> {
  const state = signal<Loadable<T>>({ kind: 'loading' });
  let running: Promise<void> | undefined;
  let isAskedAgain = false;

  const ask = async () => {
    do {
      isAskedAgain = false;
      try {
        state.value = loaded(await load(), new Date());
      } catch (error) {
        state.value = failedAfter(state.peek(), error instanceof Error ? error.message : String(error));
      }
      // Set by others meanwhile.
    } while (isAskedAgain as boolean);
    running = undefined;
  };

  const refresh = () => {
    if (running === undefined) running = ask();
    else isAskedAgain = true;
    return running;
  };
  return { state, refresh };
}

/** @param key what is asked for: another one is another resource. */
export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const resource = useMemo(() => resourceOf(load), [key]);
  useEffect(() => void resource.refresh(), [resource]);
  return resource;
}
