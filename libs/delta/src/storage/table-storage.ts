/**
 * Read access to what lies below one root. The only part of this library that knows where tables are kept: in a local
 * folder or in an object store. Every method throws ServiceUnavailable where the store is away.
 */
export interface TableStorage {
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
  /** Real path of the folder that every file lies below which a table gives the engine to open. */
  localFolder(): Promise<string>;
  /**
   * As `withLocal` of one table, for files of several: whoever took them table by table could wait for room that only he can give back.
   * The locations are those of each table.
   */
  withTables<T>(
    wanted: readonly WantedFiles[],
    read: (locations: readonly (readonly string[])[]) => Promise<T>,
  ): Promise<T>;
  /** Asks the store for something small. @throws ServiceUnavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Files of one table of the storage. */
export interface WantedFiles {
  readonly table: TableFiles;
  readonly paths: readonly string[];
}

/** The files of one table, by names relative to it, with `/` between the parts. */
export interface TableFiles {
  /** Canonical address of the table: the same for every spelling of its path. */
  readonly address: string;
  /** Whether every file is at hand, so that none is fetched when it is read. */
  readonly isLocal: boolean;
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
   * Gives `read` names, in the order of the paths, under which the engine can open files of the table from the local file
   * system until `read` has ended. Not to be called inside `read`: the two could wait for each other's room.
   *
   * @throws DeltaFileMissing, UnsafeDeltaPath when one leads outside the table (a symbolic link).
   */
  withLocal<T>(paths: readonly string[], read: (locations: readonly string[]) => Promise<T>): Promise<T>;
}
