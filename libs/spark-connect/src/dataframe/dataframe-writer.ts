import {
  WriteOperation_SaveMode as SaveModeMessage,
  WriteOperation_SaveTable_TableSaveMethod as TableSaveMethod,
} from '../generated/spark/connect/commands_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { ActionOptions } from '../execute/action-options';
import { refuseUnlessOneOf, refuseUnlessText } from '../execute/option-checks';
import { commandPlan, type CommandType } from '../plan/relation';
import { runCommand } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { OptionMap, type Options, type OptionValue } from './option-value';

/** What to do where data is already there. `error` (also written `errorifexists`) is the default. */
export type SaveMode = 'append' | 'overwrite' | 'ignore' | 'error' | 'errorifexists';

const SAVE_MODES = {
  append: SaveModeMessage.APPEND,
  overwrite: SaveModeMessage.OVERWRITE,
  ignore: SaveModeMessage.IGNORE,
  error: SaveModeMessage.ERROR_IF_EXISTS,
  errorifexists: SaveModeMessage.ERROR_IF_EXISTS,
} as const satisfies Record<SaveMode, SaveModeMessage>;

type WriteInit = Extract<CommandType, { case: 'writeOperation' }>['value'];
type SaveType = NonNullable<WriteInit['saveType']>;

/**
 * Writes a batch DataFrame; the setters change this writer and return it, as in PySpark. Every writing method resolves when the data is
 * committed, and rejects with what the source says (`PATH_ALREADY_EXISTS`, `TABLE_OR_VIEW_ALREADY_EXISTS`, ...).
 * Mirrors `org.apache.spark.sql.DataFrameWriter`.
 */
export class DataFrameWriter {
  private source: string | undefined;
  private saveMode: SaveMode = 'error';
  private partitioningColumns: readonly string[] = [];
  private clusteringColumns: readonly string[] = [];
  private sortColumnNames: readonly string[] = [];
  private bucketBySpec: { readonly numBuckets: number; readonly bucketColumnNames: string[] } | undefined;
  private readonly writeOptions = new OptionMap();

  constructor(
    private readonly client: SparkConnectClient,
    private readonly input: Relation,
  ) {}

  /** The source: `'delta'`, `'parquet'`, ...; the server's `spark.sql.sources.default` if never said. */
  format(source: string): this {
    this.source = source;
    return this;
  }

  /** What to do where data is already there; `error` if never said. @throws TypeError when it is no such mode. */
  mode(saveMode: SaveMode): this {
    refuseUnlessOneOf('the save mode', Object.keys(SAVE_MODES), saveMode);
    this.saveMode = saveMode;
    return this;
  }

  /** An option of the source. The case of a key does not matter; the last value of one holds. */
  option(key: string, value: OptionValue): this {
    this.writeOptions.set(key, value);
    return this;
  }

  /** As `option`, for each of them. */
  options(options: Options): this {
    this.writeOptions.setAll(options);
    return this;
  }

  /** The columns that the source's folders are made of. */
  partitionBy(...columns: readonly string[]): this {
    this.partitioningColumns = columns;
    return this;
  }

  /** Hashes the rows into so many files by these columns. Only for `saveAsTable`; Delta does not know it. */
  bucketBy(numBuckets: number, ...columns: readonly [string, ...string[]]): this {
    this.bucketBySpec = { numBuckets, bucketColumnNames: [...columns] };
    return this;
  }

  /** Sorts the rows inside each bucket; only with `bucketBy`. */
  sortBy(...columns: readonly [string, ...string[]]): this {
    this.sortColumnNames = columns;
    return this;
  }

  /**
   * Clusters the table by these columns, for sources that can. Not with `partitionBy`. Delta 4.3 refuses it here and takes it from SQL:
   * `CREATE TABLE t (...) USING delta CLUSTER BY (...)`, then append.
   */
  clusterBy(...columns: readonly [string, ...string[]]): this {
    this.clusteringColumns = columns;
    return this;
  }

  /** Writes to a path, or to where the options say. */
  async save(path?: string, options: ActionOptions = {}): Promise<void> {
    if (path !== undefined) refuseUnlessText('the path', path);
    await this.run(path === undefined ? { case: undefined } : { case: 'path', value: path }, options);
  }

  /** Creates the table, or appends to or replaces it as the mode says. Columns are matched by name. */
  async saveAsTable(tableName: string, options: ActionOptions = {}): Promise<void> {
    await this.run(tableTarget(tableName, TableSaveMethod.SAVE_AS_TABLE), options);
  }

  /**
   * Writes into a table that exists. Columns are matched by position.
   * @param overwrite - true replaces the rows, false appends; without it the mode decides.
   */
  async insertInto(
    tableName: string,
    { overwrite, ...options }: ActionOptions & { readonly overwrite?: boolean } = {},
  ): Promise<void> {
    if (overwrite !== undefined) this.mode(overwrite ? 'overwrite' : 'append');
    await this.run(tableTarget(tableName, TableSaveMethod.INSERT_INTO), options);
  }

  /** Files of JSON, an object a line, in this folder. */
  json(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('json').save(path, options);
  }

  /** Files of Parquet in this folder. */
  parquet(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('parquet').save(path, options);
  }

  /** Files of ORC in this folder. */
  orc(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('orc').save(path, options);
  }

  /** Files of CSV in this folder; without a header line unless the option `header` asks for one. */
  csv(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('csv').save(path, options);
  }

  /** One column of type string, a line each row. */
  text(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('text').save(path, options);
  }

  /** Needs the option `rowTag`. */
  xml(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('xml').save(path, options);
  }

  /**
   * A table of a database that the server has a JDBC driver for; url and table hold over options of these names.
   * @param properties - of the connection, e.g. `user`, `password` and `driver`; the driver's jar must be on the server.
   */
  jdbc(url: string, table: string, properties: Options = {}, options: ActionOptions = {}): Promise<void> {
    return this.format('jdbc').options(properties).options({ url, dbtable: table }).save(undefined, options);
  }

  private async run(saveType: SaveType, options: ActionOptions): Promise<void> {
    const value: WriteInit = {
      input: this.input,
      saveType,
      mode: SAVE_MODES[this.saveMode],
      partitioningColumns: [...this.partitioningColumns],
      clusteringColumns: [...this.clusteringColumns],
      sortColumnNames: [...this.sortColumnNames],
      options: this.writeOptions.toRecord(),
      ...(this.bucketBySpec === undefined ? {} : { bucketBy: this.bucketBySpec }),
      ...(this.source === undefined ? {} : { source: this.source }),
    };
    await runCommand(this.client, commandPlan({ case: 'writeOperation', value }), options);
  }
}

function tableTarget(tableName: string, saveMethod: TableSaveMethod): SaveType {
  return { case: 'table', value: { tableName, saveMethod } };
}
