import type { Drain } from './drain';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A first signal drains, a second one ends the process at once. */
export function drainOnSignals(drain: Drain): void {
  let signals = 0;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      void drain.request(signal);
    });
  }
}
