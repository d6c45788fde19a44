import { ProtocolError } from '../errors/spark-connect-error';
import type { Row, RowValue } from '../types/row';

/** A catalog (`spark_catalog` is the built-in one). */
export interface CatalogMetadata {
  readonly name: string;
  readonly description: string | null;
}

/** A database (schema). */
export interface Database {
  readonly name: string;
  readonly catalog: string | null;
  readonly description: string | null;
  readonly locationUri: string;
}

/** A table or view. */
export interface Table {
  readonly name: string;
  readonly catalog: string | null;
  /** Null for a local temporary view. */
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  /** `MANAGED`, `EXTERNAL`, `VIEW`, `TEMPORARY`; null where the catalog does not tell. */
  readonly tableType: string | null;
  readonly isTemporary: boolean;
}

/** A function of SQL. */
export interface CatalogFunction {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  readonly className: string;
  readonly isTemporary: boolean;
}

/** A column of a table or view. */
export interface CatalogColumn {
  readonly name: string;
  readonly description: string | null;
  /** In Spark's short form, e.g. `array<string>`. */
  readonly dataType: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly isBucket: boolean;
  readonly isCluster: boolean;
}

export function catalogMetadataOf(row: Row): CatalogMetadata {
  return { name: text(row, 'name'), description: textOrNull(row, 'description') };
}

export function databaseOf(row: Row): Database {
  return {
    name: text(row, 'name'),
    catalog: textOrNull(row, 'catalog'),
    description: textOrNull(row, 'description'),
    locationUri: text(row, 'locationUri'),
  };
}

export function tableOf(row: Row): Table {
  return {
    name: text(row, 'name'),
    catalog: textOrNull(row, 'catalog'),
    namespace: namesOrNull(row, 'namespace'),
    description: textOrNull(row, 'description'),
    tableType: textOrNull(row, 'tableType'),
    isTemporary: flag(row, 'isTemporary'),
  };
}

export function functionOf(row: Row): CatalogFunction {
  return {
    name: text(row, 'name'),
    catalog: textOrNull(row, 'catalog'),
    namespace: namesOrNull(row, 'namespace'),
    description: textOrNull(row, 'description'),
    className: text(row, 'className'),
    isTemporary: flag(row, 'isTemporary'),
  };
}

export function columnOf(row: Row): CatalogColumn {
  return {
    name: text(row, 'name'),
    description: textOrNull(row, 'description'),
    dataType: text(row, 'dataType'),
    nullable: flag(row, 'nullable'),
    isPartition: flag(row, 'isPartition'),
    isBucket: flag(row, 'isBucket'),
    isCluster: flag(row, 'isCluster'),
  };
}

function text(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : unexpected(name, value);
}

function textOrNull(row: Row, name: string): string | null {
  return row[name] === null ? null : text(row, name);
}

function flag(row: Row, name: string): boolean {
  const value = row[name];
  return typeof value === 'boolean' ? value : unexpected(name, value);
}

function namesOrNull(row: Row, name: string): readonly string[] | null {
  const value = row[name];
  if (value === null) return null;
  return Array.isArray(value) ? value.map(String) : unexpected(name, value);
}

function unexpected(name: string, value: RowValue | undefined): never {
  throw new ProtocolError(`the catalog told a ${name} of type ${value === null ? 'null' : typeof value}`);
}
