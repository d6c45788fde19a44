import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { MeasuredStack } from '../stack';

const run = promisify(execFile);

/** Of Linux on all its platforms (`sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1_024;

/** NaN where the system does not tell. */
export interface SparkMemory {
  readonly residentMib: number;
  /** What is left of the heap after a full collection. */
  readonly liveHeapMib: number;
}

/** What the Spark server of a stack has used of the processors so far, planning included. NaN where the system does not tell. */
export async function cpuSeconds(stack: MeasuredStack): Promise<number> {
  const stat = await told(async () => readFile(`/proc/${await pidOf(stack)}/stat`, 'utf8'));
  // After the name, which is in brackets: fields 14 and 15 of proc(5), user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Collects the garbage first, so that figures of different times can be compared. */
export async function sparkMemory(stack: MeasuredStack): Promise<SparkMemory> {
  const heap = await told(async () => {
    const pid = await pidOf(stack);
    // The one beside the `java` that runs; a JRE has none.
    const jcmd = join(dirname(await readlink(`/proc/${pid}/exe`)), 'jcmd');
    await run(jcmd, [pid, 'GC.run']);
    return (await run(jcmd, [pid, 'GC.heap_info'])).stdout;
  });
  const status = await told(async () => readFile(`/proc/${await pidOf(stack)}/status`, 'utf8'));
  const resident = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN);
  return { residentMib: resident / KIB_PER_MIB, liveHeapMib: usedHeapMib(heap) };
}

/** Of the answer to `GC.heap_info`, which has a line for each generation, or one for all. */
export function usedHeapMib(heapInfo: string): number {
  const used = [...heapInfo.matchAll(/\btotal \d+K, used (\d+)K/g)].map(([, kib]) => Number(kib));
  return used.length === 0 ? Number.NaN : used.reduce((sum, kib) => sum + kib, 0) / KIB_PER_MIB;
}

async function pidOf({ deltaBasePath }: MeasuredStack): Promise<string> {
  const record = join(dirname(dirname(deltaBasePath)), 'run', 'spark.json');
  const { pid } = JSON.parse(await readFile(record, 'utf8')) as { pid: number };
  return String(pid);
}

/** Empty where the system does not tell. */
async function told(ask: () => Promise<string>): Promise<string> {
  return ask().catch(() => '');
}
