import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deltaBasePath, home } from './stack-under-test';
import { TOPIC } from './streaming';
import { waitUntil } from './wait-until';

const CHECKPOINT = join('data', 'checkpoints', TOPIC, 'transactions');

/** Points of a micro-batch of the raw query, told by the file that comes into being there. */
const POINTS = {
  'reads its events': () => newestIn(join(home(), CHECKPOINT, 'offsets')),
  'has stored its events': () => newestIn(join(deltaBasePath(), 'stream', 'transactions', '_delta_log')),
  'has ended': () => newestIn(join(home(), CHECKPOINT, 'commits')),
};

export type MicroBatchPoint = keyof typeof POINTS;
export const MICRO_BATCH_POINTS = Object.keys(POINTS) as MicroBatchPoint[];

/** Resolves in the moment in which the next micro-batch of the raw query gets there. */
export async function whenMicroBatch(point: MicroBatchPoint, timeoutMs: number): Promise<void> {
  const before = POINTS[point]();
  const isPast = () => Promise.resolve(POINTS[point]() > before ? true : undefined);
  await waitUntil(`a micro-batch that ${point}`, isPast, { timeoutMs, pollMs: 2 });
}

/** Number of the newest file of a log: of offsets, of commits, of counts, of a Delta table. */
export function newestIn(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const numbers = names.flatMap((name) => (/^(\d+)(\.json)?$/.test(name) ? [Number.parseInt(name, 10)] : []));
  return numbers.reduce((most, number) => Math.max(most, number), -1);
}
