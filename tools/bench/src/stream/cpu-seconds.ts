import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MeasuredStack } from '../stack';

/** Of Linux on all its platforms (`sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;

/** What the Spark server of a stack has used of the processors so far, planning included. NaN where the system does not tell. */
export async function cpuSeconds({ deltaBasePath }: MeasuredStack): Promise<number> {
  try {
    const record = join(dirname(dirname(deltaBasePath)), 'run', 'spark.json');
    const { pid } = JSON.parse(await readFile(record, 'utf8')) as { pid: number };
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // After the name, which is in brackets: fields 14 and 15 of proc(5), user and system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}
