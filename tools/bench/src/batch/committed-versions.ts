import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How many versions a table of a batch has. */
export function committedVersions(deltaBasePath: string, batchId: string, table: string): number {
  const log = join(deltaBasePath, 'batches', batchId, table, '_delta_log');
  if (!existsSync(log)) return 0;
  return readdirSync(log).filter((name) => /^\d{20}\.json$/.test(name)).length;
}
