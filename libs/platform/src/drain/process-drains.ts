import type { Drain } from './drain';
import { drainOnSignals } from './signals';

/**
 * Signals and failures that nobody catches concern the process, and so every service that it runs (one, but in specs).
 * With each: how to stop listening.
 */
const drains = new Map<Drain, () => void>();

/** From now on what ends the process drains this first. */
export function drainWithProcess(drain: Drain): void {
  drains.set(drain, drainOnSignals(drain));
}

/** Undoes `drainWithProcess`. */
export function leaveProcess(drain: Drain): void {
  drains.get(drain)?.();
  drains.delete(drain);
}

/** Whether the process is on its way to its end. */
export function isProcessDraining(): boolean {
  return [...drains.keys()].some((drain) => drain.isDraining);
}

/** Drains everything, towards exit code 1. */
export async function drainAfterFailure(reason: string): Promise<void> {
  await Promise.all([...drains.keys()].map((drain) => drain.requestAfterFailure(reason)));
}
