import {
  WriteOperation_SaveMode as SaveModeMessage,
  WriteOperation_SaveTable_TableSaveMethod as TableSaveMethod,
} from '../generated/spark/connect/commands_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { ActionOptions } from '../execute/action-options';
import { commandPlan, type CommandType } from '../plan/relation';
import { runCommand } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { optionText, type OptionValue } from './option-value';

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
 */
export class DataFrameWriter {
  private source: string | undefined;
  private saveMode: SaveMode = 'error';
  private partitioningColumns: readonly string[] = [];
  private clusteringColumns: readonly string[] = [];
  private sortColumnNames: readonly string[] = [];
  private bucketBySpec: { readonly numBuckets: number; readonly bucketColumnNames: string[] } | undefined;
  private readonly writeOptions: Record<string, string> = {};

  constructor(
    private readonly client: SparkConnectClient,
    private readonly input: Relation,
  ) {}

  format(source: string): this {
    this.source = source;
    return this;
  }

  mode(saveMode: SaveMode): this {
    this.saveMode = saveMode;
    return this;
  }

  option(key: string, value: OptionValue): this {
    this.writeOptions[key] = optionText(value);
    return this;
  }

  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [key, value] of Object.entries(options)) this.option(key, value);
    return this;
  }

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

  json(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('json').save(path, options);
  }

  parquet(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('parquet').save(path, options);
  }

  orc(path: string, options: ActionOptions = {}): Promise<void> {
    return this.format('orc').save(path, options);
  }

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

  /** @param properties - of the connection, e.g. `user`, `password` and `driver`; the driver's jar must be on the server. */
  jdbc(
    url: string,
    table: string,
    properties: Readonly<Record<string, string>> = {},
    options: ActionOptions = {},
  ): Promise<void> {
    return this.format('jdbc')
      .options({ ...properties, url, dbtable: table })
      .save(undefined, options);
  }

  private async run(saveType: SaveType, options: ActionOptions): Promise<void> {
    const value: WriteInit = {
      input: this.input,
      saveType,
      mode: SAVE_MODES[this.saveMode],
      partitioningColumns: [...this.partitioningColumns],
      clusteringColumns: [...this.clusteringColumns],
      sortColumnNames: [...this.sortColumnNames],
      options: { ...this.writeOptions },
      ...(this.bucketBySpec === undefined ? {} : { bucketBy: this.bucketBySpec }),
      ...(this.source === undefined ? {} : { source: this.source }),
    };
    await runCommand(this.client, commandPlan({ case: 'writeOperation', value }), options);
  }
}

function tableTarget(tableName: string, saveMethod: TableSaveMethod): SaveType {
  return { case: 'table', value: { tableName, saveMethod } };
}
