import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How often a Delta table was committed to, as its log tells; 0 where there is none. Asks no server. */
export async function deltaCommits(table: string): Promise<number> {
  const files = await readdir(join(table, '_delta_log')).catch(() => []);
  return files.filter((name) => /^\d{20}\.json$/.test(name)).length;
}
