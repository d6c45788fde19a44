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

/** What to do where data is already there. `error` is the default. */
export type SaveMode = 'append' | 'overwrite' | 'ignore' | 'error';

const SAVE_MODES = {
  append: SaveModeMessage.APPEND,
  overwrite: SaveModeMessage.OVERWRITE,
  ignore: SaveModeMessage.IGNORE,
  error: SaveModeMessage.ERROR_IF_EXISTS,
} as const satisfies Record<SaveMode, SaveModeMessage>;

type WriteInit = Extract<CommandType, { case: 'writeOperation' }>['value'];
type SaveType = NonNullable<WriteInit['saveType']>;

/** Writes a batch DataFrame; the setters change this writer and return it, as in PySpark. */
export class DataFrameWriter {
  private source: string | undefined;
  private saveMode: SaveMode = 'error';
  private partitioningColumns: readonly string[] = [];
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

  /** Writes to a path (or to where the options say). Resolves when the data is committed. */
  async save(path?: string, options: ActionOptions = {}): Promise<void> {
    await this.run(path === undefined ? { case: undefined } : { case: 'path', value: path }, options);
  }

  async saveAsTable(tableName: string, options: ActionOptions = {}): Promise<void> {
    await this.run(tableTarget(tableName, TableSaveMethod.SAVE_AS_TABLE), options);
  }

  /** Columns are matched by position. */
  async insertInto(tableName: string, options: ActionOptions = {}): Promise<void> {
    await this.run(tableTarget(tableName, TableSaveMethod.INSERT_INTO), options);
  }

  private async run(saveType: SaveType, options: ActionOptions): Promise<void> {
    const value: WriteInit = {
      input: this.input,
      saveType,
      mode: SAVE_MODES[this.saveMode],
      partitioningColumns: [...this.partitioningColumns],
      options: { ...this.writeOptions },
      ...(this.source === undefined ? {} : { source: this.source }),
    };
    await runCommand(this.client, commandPlan({ case: 'writeOperation', value }), options);
  }
}

function tableTarget(tableName: string, saveMethod: TableSaveMethod): SaveType {
  return { case: 'table', value: { tableName, saveMethod } };
}
