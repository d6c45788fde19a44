/**
 * Read access to what lies below one root. The only part of this library that knows where tables are kept: a local
 * folder today, an object store behind the same interface later.
 */
export interface TableStorage {
  /** Canonical address of the root; nothing outside it is ever opened. */
  root(): Promise<string>;
  /**
   * Resolves a table below the root.
   *
   * @throws UnsafeDeltaPath when it lies outside the root, DeltaTableNotFound when it is absent.
   */
  openTable(tablePath: string): Promise<TableFiles>;
}

/** The files of one table, by names relative to it, with `/` between the parts. */
export interface TableFiles {
  /** Canonical address of the table: the same for every spelling of its path. */
  readonly address: string;
  /** Names in a directory; empty when the directory is absent. */
  list(directory: string): Promise<string[]>;
  /** @throws DeltaFileMissing */
  readText(path: string): Promise<string>;
  /**
   * Name under which the engine can open a file of the table from the local file system.
   *
   * @throws DeltaFileMissing, UnsafeDeltaPath when it leads outside the table (a symbolic link).
   */
  locate(path: string): Promise<string>;
}
