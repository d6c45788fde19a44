import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { requireMain } from '../apps/app-part';
import type { Home } from '../home/home';
import { writeAtomically } from '../home/write-atomically';
import type { Stack } from '../stack';

export const HISTORY_DAYS = 90;

/** Five million records take about ten minutes on two cores. */
const SEED_LIMIT_MS = 30 * 60_000;

const seededSchema = z.object({ records: z.number() });

/** Seeds history once per home; says so when a later run asks for another amount. */
export async function ensureHistory(
  stack: Stack,
  home: Home,
  root: string,
  records: number,
  say: (text: string) => void,
): Promise<void> {
  const marker = join(home.data, 'seeded.json');
  const before = existsSync(marker)
    ? seededSchema.parse(JSON.parse(readFileSync(marker, 'utf8')))
    : undefined;
  if (before) {
    if (before.records !== records) {
      say(` history: keeps its ${format(before.records)} records; for another amount add --reset`);
    }
    return;
  }
  const spec = {
    name: 'seed',
    command: process.execPath,
    args: ['--max-old-space-size=512', '--enable-source-maps', requireMain(root, 'tools/seeder', 'seed')],
    cwd: root,
    env: { ...stack.appEnv(), TOTAL_RECORDS: String(records), DATE_RANGE_DAYS: String(HISTORY_DAYS) },
    limitMs: SEED_LIMIT_MS,
  };
  const what = `${format(records)} transactions, ${String(HISTORY_DAYS)} days`;
  await stack.runOnce(spec, what, (line) => line.replace(/^seeder: /, ''));
  writeAtomically(marker, JSON.stringify({ records }));
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}
