import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { MeasuredStack } from '../stack';
import { pidOf } from '../stack-part';

const run = promisify(execFile);

/** Of Linux on all its platforms (`sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1_024;
const BYTES_PER_MIB = 1_024 * KIB_PER_MIB;
/** Spark loads tens of thousands of classes, with a line of a hundred characters each. */
const HISTOGRAM_BYTES = 64 * BYTES_PER_MIB;

/** NaN, and no classes, where the system does not tell. */
export interface SparkMemory {
  readonly residentMib: number;
  readonly heap: LiveHeap;
}

/** What is left of the heap after a full collection. */
export interface LiveHeap {
  readonly liveMib: number;
  /** MiB of the objects of each class, by its name. */
  readonly classes: ReadonlyMap<string, number>;
}

/** What the Spark server of a stack has used of the processors so far, planning included. NaN where the system does not tell. */
export async function cpuSeconds(stack: MeasuredStack): Promise<number> {
  const stat = await told(async () => readFile(`/proc/${await pidOf(stack, 'spark')}/stat`, 'utf8'));
  // After the name, which is in brackets: fields 14 and 15 of proc(5), user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Collects the garbage first, so that figures of different times can be compared. */
export async function sparkMemory(stack: MeasuredStack): Promise<SparkMemory> {
  const histogram = await told(async () => {
    const pid = await pidOf(stack, 'spark');
    // The one beside the `java` that runs; a JRE has none.
    const jcmd = join(dirname(await readlink(`/proc/${pid}/exe`)), 'jcmd');
    return (await run(jcmd, [pid, 'GC.class_histogram'], { maxBuffer: HISTOGRAM_BYTES })).stdout;
  });
  const status = await told(async () => readFile(`/proc/${await pidOf(stack, 'spark')}/status`, 'utf8'));
  const resident = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN);
  return { residentMib: resident / KIB_PER_MIB, heap: liveHeap(histogram) };
}

/** Of the answer to `GC.class_histogram`: a line for each class with its rank, instances, bytes and name. */
export function liveHeap(histogram: string): LiveHeap {
  const classes = new Map<string, number>();
  for (const [, bytes = '', name = ''] of histogram.matchAll(/^ *\d+: +\d+ +(\d+) +(\S+)/gm)) {
    // A class that two loaders have loaded has two lines.
    classes.set(name, (classes.get(name) ?? 0) + Number(bytes) / BYTES_PER_MIB);
  }
  const liveMib = [...classes.values()].reduce((sum, mib) => sum + mib, 0);
  return { liveMib: classes.size === 0 ? Number.NaN : liveMib, classes };
}

/** Empty where the system does not tell. */
async function told(ask: () => Promise<string>): Promise<string> {
  return ask().catch(() => '');
}
