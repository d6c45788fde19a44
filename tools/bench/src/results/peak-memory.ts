import { readFile, writeFile } from 'node:fs/promises';
import type { MeasuredStack } from '../stack';
import { pidOf } from '../stack-part';

const KIB_PER_MIB = 1_024;
/** Makes the system forget the most that was resident so far: proc(5), `/proc/<pid>/clear_refs`. */
const FORGET_PEAK = '5';

export const SERVICES = ['results', 'gateway'] as const;
type Service = (typeof SERVICES)[number];

/** The most that each service had resident during something, in MiB. NaN where the system does not tell. */
export type PeakMemory = Readonly<Record<Service, number>>;

/**
 * Where the system does not let its memory of the peak be cleared, it is the peak since the service was started.
 *
 * @throws Error where a service ended meanwhile: another process has taken its place.
 */
export async function withPeakMemory<T>(
  stack: MeasuredStack,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly peak: PeakMemory }> {
  const before = await pids(stack);
  await Promise.all(before.map((pid) => writeFile(`/proc/${pid}/clear_refs`, FORGET_PEAK).catch(() => 0)));
  const result = await work();
  const after = await pids(stack);
  if (String(before) !== String(after)) throw new Error('A service was started anew meanwhile');
  const [results = Number.NaN, gateway = Number.NaN] = await Promise.all(after.map(peakOf));
  return { result, peak: { results, gateway } };
}

const pids = (stack: MeasuredStack): Promise<string[]> =>
  Promise.all(SERVICES.map((service) => pidOf(stack, service)));

async function peakOf(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / KIB_PER_MIB;
}
