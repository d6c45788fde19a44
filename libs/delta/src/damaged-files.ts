import type { Snapshot } from './snapshot/snapshot';
import type { TableFiles } from './storage/table-storage';

/** Files whose sizes are asked for at once. */
const SIZES_AT_ONCE = 32;

/**
 * Files of a snapshot that are not there in full: absent, or not of the length that the log tells. By their paths relative to the
 * table, at most `limit`.
 */
export async function damagedFiles(table: TableFiles, { files }: Snapshot, limit: number): Promise<string[]> {
  const damaged: string[] = [];
  for (let first = 0; first < files.length && damaged.length < limit; first += SIZES_AT_ONCE) {
    const some = files.slice(first, first + SIZES_AT_ONCE);
    const sizes = await Promise.all(some.map(({ path }) => table.size(path)));
    damaged.push(...some.filter(({ size }, index) => sizes[index] !== size).map(({ path }) => path));
  }
  return damaged.slice(0, limit);
}
