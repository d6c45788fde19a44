import { WriteOperationV2_Mode as Mode } from '../generated/spark/connect/commands_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { ActionOptions } from '../execute/action-options';
import { toExpression, type ColumnOrName } from '../functions/call';
import type { Column } from '../functions/column';
import { commandPlan, type CommandType } from '../plan/relation';
import { runCommand } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { OptionMap, type Options, type OptionValue } from './option-value';

type WriteInit = Extract<CommandType, { case: 'writeOperationV2' }>['value'];

/**
 * Writes to a table of the catalog and says what becomes of the table, where `DataFrameWriter` has one mode for table and rows. The
 * setters change this writer and return it. Columns are matched by name. Mirrors `org.apache.spark.sql.DataFrameWriterV2`.
 */
export class DataFrameWriterV2 {
  private provider: string | undefined;
  private partitioning: readonly ColumnOrName[] = [];
  private clusteringColumns: readonly string[] = [];
  private readonly writeOptions = new OptionMap();
  private readonly tableProperties: Record<string, string> = {};

  constructor(
    private readonly client: SparkConnectClient,
    private readonly input: Relation,
    private readonly tableName: string,
  ) {}

  /** The source of a table to be made, e.g. `delta`. */
  using(provider: string): this {
    this.provider = provider;
    return this;
  }

  /** An option of this write. The case of a key does not matter; the last value of one holds. */
  option(key: string, value: OptionValue): this {
    this.writeOptions.set(key, value);
    return this;
  }

  /** As `option`, for each of them. */
  options(options: Options): this {
    this.writeOptions.setAll(options);
    return this;
  }

  /** A property of a table to be made, e.g. `delta.appendOnly`; the case of its name counts. */
  tableProperty(property: string, value: OptionValue): this {
    this.tableProperties[property] = String(value);
    return this;
  }

  /** How a table to be made is partitioned: by columns, or by transforms such as `years('at')` and `bucket(8, 'id')`. */
  partitionedBy(...columns: readonly [ColumnOrName, ...ColumnOrName[]]): this {
    this.partitioning = columns;
    return this;
  }

  /** How a table to be made is clustered. Not with `partitionedBy`; Delta 4.3 takes it from SQL only. */
  clusterBy(...columns: readonly [string, ...string[]]): this {
    this.clusteringColumns = columns;
    return this;
  }

  /** Makes the table with these rows; fails where it exists. */
  create(options: ActionOptions = {}): Promise<void> {
    return this.run(Mode.CREATE, options);
  }

  /** Replaces the table, its schema included; fails where it does not exist. */
  replace(options: ActionOptions = {}): Promise<void> {
    return this.run(Mode.REPLACE, options);
  }

  /** Makes the table with these rows, or replaces it, its schema included. */
  createOrReplace(options: ActionOptions = {}): Promise<void> {
    return this.run(Mode.CREATE_OR_REPLACE, options);
  }

  /** Adds these rows to the table; fails where it does not exist. */
  append(options: ActionOptions = {}): Promise<void> {
    return this.run(Mode.APPEND, options);
  }

  /** Replaces the rows of the table for which the condition holds by these rows, in one commit. */
  overwrite(condition: Column, options: ActionOptions = {}): Promise<void> {
    return this.run(Mode.OVERWRITE, options, { overwriteCondition: condition.expression });
  }

  /** Replaces those partitions of the table that these rows belong to. */
  overwritePartitions(options: ActionOptions = {}): Promise<void> {
    return this.run(Mode.OVERWRITE_PARTITIONS, options);
  }

  private async run(
    mode: Mode,
    options: ActionOptions,
    how: Pick<WriteInit, 'overwriteCondition'> = {},
  ): Promise<void> {
    const value: WriteInit = {
      input: this.input,
      tableName: this.tableName,
      mode,
      partitioningColumns: this.partitioning.map(toExpression),
      clusteringColumns: [...this.clusteringColumns],
      options: this.writeOptions.toRecord(),
      tableProperties: { ...this.tableProperties },
      ...(this.provider === undefined ? {} : { provider: this.provider }),
      ...how,
    };
    await runCommand(this.client, commandPlan({ case: 'writeOperationV2', value }), options);
  }
}
