import type { Drain } from './drain';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * A first signal drains, a second one ends the process at once.
 * @returns how to stop listening
 */
export function drainOnSignals(drain: Drain): () => void {
  let signals = 0;
  const listener = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    void drain.request(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
