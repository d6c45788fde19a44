type Callback = () => void;

interface Listeners {
  readonly callbacks: Set<Callback>;
  readonly onAbort: Callback;
}

// One listener per signal, however many calls share it: Node warns of a leak from the eleventh on, and `AbortSignal.any`, the usual
// way out, keeps its dependants for the life of a long-lived signal (Node 20).
const listenersBySignal = new WeakMap<AbortSignal, Listeners>();

const NOTHING: Callback = () => undefined;

/**
 * Calls back when the signal fires, until the returned function is called. A signal that has fired already calls nobody:
 * callers look at `signal.aborted` first.
 */
export function onAbort(signal: AbortSignal | undefined, callback: Callback): () => void {
  if (signal === undefined || signal.aborted) return NOTHING;
  const { callbacks } = listenersOf(signal);
  // The same function given twice must be called twice.
  const own = (): void => {
    callback();
  };
  callbacks.add(own);
  return () => {
    if (callbacks.delete(own) && callbacks.size === 0) forget(signal);
  };
}

function listenersOf(signal: AbortSignal): Listeners {
  const known = listenersBySignal.get(signal);
  if (known !== undefined) return known;
  const callbacks = new Set<Callback>();
  const listeners = {
    callbacks,
    onAbort: (): void => {
      const due = [...callbacks];
      callbacks.clear();
      forget(signal);
      for (const callback of due) callback();
    },
  };
  signal.addEventListener('abort', listeners.onAbort, { once: true });
  listenersBySignal.set(signal, listeners);
  return listeners;
}

function forget(signal: AbortSignal): void {
  const listeners = listenersBySignal.get(signal);
  if (listeners === undefined) return;
  signal.removeEventListener('abort', listeners.onAbort);
  listenersBySignal.delete(signal);
}
