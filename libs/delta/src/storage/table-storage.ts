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
  /**
   * Names of the folders directly below a folder; empty when it is absent. Symbolic links are not folders.
   *
   * @throws UnsafeDeltaPath when it lies outside the root.
   */
  listFolders(path: string): Promise<string[]>;
}

/** The files of one table, by names relative to it, with `/` between the parts. */
export interface TableFiles {
  /** Canonical address of the table: the same for every spelling of its path. */
  readonly address: string;
  /** Names in a directory; empty when the directory is absent. */
  list(directory: string): Promise<string[]>;
  /** @throws DeltaFileMissing */
  readText(path: string): Promise<string>;
  /** The lines one by one, so that whoever needs the first does not read the rest. @throws DeltaFileMissing */
  readLines(path: string): AsyncIterable<string>;
  /** When a file was written, cut to the millisecond; undefined when it is absent. */
  modifiedAt(path: string): Promise<Date | undefined>;
  /** Bytes of a file; undefined when it is absent. */
  size(path: string): Promise<number | undefined>;
  /**
   * Name under which the engine can open a file of the table from the local file system.
   *
   * @throws DeltaFileMissing, UnsafeDeltaPath when it leads outside the table (a symbolic link).
   */
  locate(path: string): Promise<string>;
}
