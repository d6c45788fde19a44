import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';

/** The files of a snapshot where the engine can open them. */
export class SnapshotFiles {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
  ) {}

  /**
   * Gives `read` the local names of files, each at its place in the snapshot. The others are not fetched and have no name.
   *
   * @param files their places; absent: all.
   */
  async with<T>(
    files: readonly number[] | undefined,
    read: (locations: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const places = [...new Set(files ?? this.snapshot.files.keys())];
    const paths = places.map((place) => this.snapshot.files[place]?.path ?? '');
    return this.table.withLocal(paths, (names) => {
      const locations: string[] = [];
      for (const [index, place] of places.entries()) locations[place] = names[index] ?? '';
      return read(locations);
    });
  }
}
