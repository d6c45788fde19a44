import type { Snapshot } from './snapshot';

/**
 * The snapshots that were used last, bounded by the number of files they hold together (a snapshot's memory is its
 * files). Two requests for one snapshot that is being read share the reading.
 */
export class SnapshotCache {
  private readonly entries = new Map<string, { readonly snapshot: Promise<Snapshot>; files: number }>();
  private totalFiles = 0;

  constructor(private readonly maxFiles: number) {}

  async get(tableAddress: string, version: number, read: () => Promise<Snapshot>): Promise<Snapshot> {
    const key = keyOf(tableAddress, version);
    const known = this.entries.get(key);
    if (known !== undefined) {
      // A Map keeps the order of insertion, so the first key is the one that was not used for longest.
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.snapshot;
    }
    const entry = { snapshot: read(), files: 0 };
    this.entries.set(key, entry);
    try {
      const snapshot = await entry.snapshot;
      if (this.entries.get(key) === entry) {
        entry.files = snapshot.files.length + 1;
        this.totalFiles += entry.files;
        this.evict(key);
      }
      return snapshot;
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  /** For a snapshot whose files turned out to be gone. */
  forget(snapshot: Snapshot): void {
    this.remove(keyOf(snapshot.tablePath, snapshot.version));
  }

  private evict(newest: string): void {
    for (const key of this.entries.keys()) {
      if (this.totalFiles <= this.maxFiles) return;
      if (key !== newest) this.remove(key);
    }
  }

  private remove(key: string): void {
    this.totalFiles -= this.entries.get(key)?.files ?? 0;
    this.entries.delete(key);
  }
}

const keyOf = (tableAddress: string, version: number) => `${tableAddress}@${String(version)}`;
