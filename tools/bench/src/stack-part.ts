import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MeasuredStack } from './stack';

/** The process of a part of the stack, as the supervisor noted it. */
export async function pidOf(
  { deltaBasePath }: Pick<MeasuredStack, 'deltaBasePath'>,
  part: 'spark' | 'results' | 'gateway',
): Promise<string> {
  const record = join(dirname(dirname(deltaBasePath)), 'run', `${part}.json`);
  const { pid } = JSON.parse(await readFile(record, 'utf8')) as { pid: number };
  return String(pid);
}
