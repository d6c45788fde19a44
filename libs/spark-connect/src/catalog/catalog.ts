import type { MessageInitShape } from '@bufbuild/protobuf';
import { DataFrame } from '../dataframe/dataframe';
import { OptionMap, type Options } from '../dataframe/option-value';
import { storageLevelToProto, type StorageLevel } from '../dataframe/storage-level';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import type { CatalogSchema } from '../generated/spark/connect/catalog_pb';
import { relationOf } from '../plan/relation';
import type { SparkConnectClient } from '../session/spark-connect-client';
import type { StructType } from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';
import type { Row, RowValue } from '../types/row';
import {
  catalogMetadataOf,
  columnOf,
  databaseOf,
  functionOf,
  tableOf,
  type CatalogColumn,
  type CatalogFunction,
  type CatalogMetadata,
  type Database,
  type Table,
} from './catalog-entries';

type CatalogType = NonNullable<MessageInitShape<typeof CatalogSchema>['catType']>;

/** What a table to be created is. */
export interface TableDefinition {
  /** Where the data is; with it the table is external: dropping it leaves the data. */
  readonly path?: string;
  /** E.g. `delta`; the conf `spark.sql.sources.default` if left out. */
  readonly source?: string;
  /** Told by the data if left out. */
  readonly schema?: StructType;
  /** A comment for people. */
  readonly description?: string;
  /** Options of the source; the case of a key does not matter. */
  readonly options?: Options;
}

/**
 * Databases, tables, views and functions by name; mirrors `org.apache.spark.sql.catalog.Catalog`. Names may be qualified (`db.table`,
 * `catalog.db.table`); patterns have `*` and `|`. What is not there is an `AnalysisError` (`TABLE_OR_VIEW_NOT_FOUND`,
 * `SCHEMA_NOT_FOUND`, ...), except for the `...Exists` methods.
 */
export class Catalog {
  constructor(private readonly client: SparkConnectClient) {}

  /** The catalog that unqualified names are looked for in. */
  async currentCatalog(options: ActionOptions = {}): Promise<string> {
    return this.text({ case: 'currentCatalog', value: {} }, options);
  }

  /** Makes this the catalog that unqualified names are looked for in, for this session. */
  async setCurrentCatalog(catalogName: string, options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'setCurrentCatalog', value: { catalogName } }, options);
  }

  /** The catalogs of this session whose names match the pattern, all if it is left out; one that was never used is not among them. */
  async listCatalogs(pattern?: string, options: ActionOptions = {}): Promise<CatalogMetadata[]> {
    const rows = await this.ask({ case: 'listCatalogs', value: { ...given({ pattern }) } }, options);
    return rows.map(catalogMetadataOf);
  }

  /** The database that unqualified names are looked for in. */
  async currentDatabase(options: ActionOptions = {}): Promise<string> {
    return this.text({ case: 'currentDatabase', value: {} }, options);
  }

  /** Makes this the database that unqualified names are looked for in, for this session. */
  async setCurrentDatabase(dbName: string, options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'setCurrentDatabase', value: { dbName } }, options);
  }

  /** The databases of the current catalog whose names match the pattern; all if it is left out. */
  async listDatabases(pattern?: string, options: ActionOptions = {}): Promise<Database[]> {
    const rows = await this.ask({ case: 'listDatabases', value: { ...given({ pattern }) } }, options);
    return rows.map(databaseOf);
  }

  /** What is known of a database; an `AnalysisError` where there is none. */
  async getDatabase(dbName: string, options: ActionOptions = {}): Promise<Database> {
    return databaseOf(await this.one({ case: 'getDatabase', value: { dbName } }, options));
  }

  /** Whether there is a database of that name. */
  async databaseExists(dbName: string, options: ActionOptions = {}): Promise<boolean> {
    return this.flag({ case: 'databaseExists', value: { dbName } }, options);
  }

  /** The tables and views of a database (the current one if left out), and the temporary views of the session. */
  async listTables(dbName?: string, pattern?: string, options: ActionOptions = {}): Promise<Table[]> {
    const rows = await this.ask({ case: 'listTables', value: { ...given({ dbName, pattern }) } }, options);
    return rows.map(tableOf);
  }

  /** What is known of a table or view; an `AnalysisError` where there is none. */
  async getTable(tableName: string, options: ActionOptions = {}): Promise<Table> {
    return tableOf(await this.one({ case: 'getTable', value: { tableName } }, options));
  }

  /** Also true for a temporary view. */
  async tableExists(tableName: string, options: ActionOptions = {}): Promise<boolean> {
    return this.flag({ case: 'tableExists', value: { tableName } }, options);
  }

  /** The columns of a table or view, in their order. */
  async listColumns(tableName: string, options: ActionOptions = {}): Promise<CatalogColumn[]> {
    const rows = await this.ask({ case: 'listColumns', value: { tableName } }, options);
    return rows.map(columnOf);
  }

  /** The functions of a database and the built-in ones, some hundreds: give a pattern. */
  async listFunctions(
    dbName?: string,
    pattern?: string,
    options: ActionOptions = {},
  ): Promise<CatalogFunction[]> {
    const rows = await this.ask({ case: 'listFunctions', value: { ...given({ dbName, pattern }) } }, options);
    return rows.map(functionOf);
  }

  /** What is known of a function, built-in or registered; an `AnalysisError` where there is none. */
  async getFunction(functionName: string, options: ActionOptions = {}): Promise<CatalogFunction> {
    return functionOf(await this.one({ case: 'getFunction', value: { functionName } }, options));
  }

  /** Whether there is a function of that name, built-in or registered. */
  async functionExists(functionName: string, options: ActionOptions = {}): Promise<boolean> {
    return this.flag({ case: 'functionExists', value: { functionName } }, options);
  }

  /** Creates a table without rows of its own, or over data that is there; returns its DataFrame. */
  async createTable(
    tableName: string,
    definition: TableDefinition = {},
    options: ActionOptions = {},
  ): Promise<DataFrame> {
    const { path, source, description } = definition;
    const value = { tableName, ...given({ path, source, description }), ...definitionParts(definition) };
    await this.ask({ case: 'createTable', value }, options);
    return this.table(tableName);
  }

  /** The old name of `createTable`; Spark deprecates it. */
  async createExternalTable(
    tableName: string,
    definition: Omit<TableDefinition, 'description'> = {},
    options: ActionOptions = {},
  ): Promise<DataFrame> {
    const { path, source } = definition;
    const value = { tableName, ...given({ path, source }), ...definitionParts(definition) };
    await this.ask({ case: 'createExternalTable', value }, options);
    return this.table(tableName);
  }

  /** False where there was no such view. */
  async dropTempView(viewName: string, options: ActionOptions = {}): Promise<boolean> {
    return this.flag({ case: 'dropTempView', value: { viewName } }, options);
  }

  /** @param viewName - without `global_temp`. */
  async dropGlobalTempView(viewName: string, options: ActionOptions = {}): Promise<boolean> {
    return this.flag({ case: 'dropGlobalTempView', value: { viewName } }, options);
  }

  /** Registers the partitions found in a partitioned table's folder. */
  async recoverPartitions(tableName: string, options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'recoverPartitions', value: { tableName } }, options);
  }

  /** Whether the rows of a table or view are kept, or will be once they are computed. */
  async isCached(tableName: string, options: ActionOptions = {}): Promise<boolean> {
    return this.flag({ case: 'isCached', value: { tableName } }, options);
  }

  /** Keeps the table's rows once they are computed; `MEMORY_AND_DISK` if no level is given. */
  async cacheTable(
    tableName: string,
    storageLevel?: StorageLevel,
    options: ActionOptions = {},
  ): Promise<void> {
    const at = storageLevel === undefined ? {} : { storageLevel: storageLevelToProto(storageLevel) };
    await this.ask({ case: 'cacheTable', value: { tableName, ...at } }, options);
  }

  /** Drops the table's kept rows. */
  async uncacheTable(tableName: string, options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'uncacheTable', value: { tableName } }, options);
  }

  /** Uncaches everything of every session of the server. */
  async clearCache(options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'clearCache', value: {} }, options);
  }

  /** Forgets what is known of a table's files, for tables that somebody else changed. */
  async refreshTable(tableName: string, options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'refreshTable', value: { tableName } }, options);
  }

  /** As `refreshTable`, for every plan that reads from this path. */
  async refreshByPath(path: string, options: ActionOptions = {}): Promise<void> {
    await this.ask({ case: 'refreshByPath', value: { path } }, options);
  }

  private table(unparsedIdentifier: string): DataFrame {
    const readType = { case: 'namedTable', value: { unparsedIdentifier } } as const;
    return new DataFrame(this.client, relationOf({ case: 'read', value: { readType } }));
  }

  private ask(catType: CatalogType, options: ActionOptions): Promise<Row[]> {
    const relation = relationOf({ case: 'catalog', value: { catType } });
    return new DataFrame(this.client, relation).collect(options);
  }

  private async one(catType: CatalogType, options: ActionOptions): Promise<Row> {
    const [row] = await this.ask(catType, options);
    if (row === undefined) throw new ProtocolError(`the catalog did not answer ${String(catType.case)}`);
    return row;
  }

  private async text(catType: CatalogType, options: ActionOptions): Promise<string> {
    const [value] = Object.values<RowValue>(await this.one(catType, options));
    if (typeof value !== 'string') throw new ProtocolError(`expected a name of ${String(catType.case)}`);
    return value;
  }

  private async flag(catType: CatalogType, options: ActionOptions): Promise<boolean> {
    const [value] = Object.values<RowValue>(await this.one(catType, options));
    if (typeof value !== 'boolean')
      throw new ProtocolError(`expected true or false of ${String(catType.case)}`);
    return value;
  }
}

function definitionParts({ schema, options = {} }: TableDefinition) {
  const ofSource = new OptionMap();
  ofSource.setAll(options);
  const columns = schema === undefined ? {} : { schema: dataTypeToProto(schema) };
  return { options: ofSource.toRecord(), ...columns };
}

/** The members that are set. */
function given<T extends Readonly<Record<string, string | undefined>>>(
  members: T,
): { readonly [Key in keyof T]?: string } {
  const set = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as { readonly [Key in keyof T]?: string };
}
