import { CorruptDeltaLog, UnsupportedDeltaTable } from '../error/delta-error';
import { isObject } from '../log/log-action';
import type { AddAction, MetadataAction } from '../log/log-action';
import type { LogState } from '../log/log-state';
import { unsupportedFeatures } from '../log/protocol-gate';
import { decodeDataFilePath } from '../storage/data-file-path';
import type { TableFiles } from '../storage/table-storage';
import { UnknownDeltaType, parseTableSchema } from './table-schema';
import type { DeltaField } from './table-schema';

/** One Parquet file of a snapshot. */
export interface DataFile {
  /** Relative to the table, decoded and checked. */
  readonly path: string;
  /** By partition column; the text form of the protocol, null for null. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size: number;
  /** Rows; undefined when the log has no statistics of the file. */
  readonly numRecords: number | undefined;
  /** Statistics as JSON text: `minValues`, `maxValues`, `nullCount`. */
  readonly stats: string | undefined;
}

/** A table at one version. Immutable, as the version is. */
export interface Snapshot {
  /** Canonical address of the table. */
  readonly tablePath: string;
  readonly version: number;
  readonly schema: readonly DeltaField[];
  readonly partitionColumns: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  /** In the order of their paths. */
  readonly files: readonly DataFile[];
}

/**
 * Checks what the log says and gives it the form that readers use.
 *
 * @throws UnsupportedDeltaTable, CorruptDeltaLog, UnsafeDeltaPath
 */
export function makeSnapshot(table: TableFiles, version: number, state: LogState): Snapshot {
  const { protocol, metadata, files } = state;
  if (protocol === undefined || metadata === undefined) {
    throw new CorruptDeltaLog(table.address, `version ${String(version)} has no protocol or no metadata`);
  }
  const unsupported = unsupportedFeatures(protocol, metadata, files.values());
  if (unsupported.length > 0) throw new UnsupportedDeltaTable(table.address, unsupported);
  return {
    tablePath: table.address,
    version,
    schema: schemaOf(table, metadata),
    partitionColumns: metadata.partitionColumns,
    properties: metadata.configuration,
    files: [...files.values()].map(dataFile).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function schemaOf(table: TableFiles, metadata: MetadataAction): readonly DeltaField[] {
  const schema = parsedSchema(table, metadata);
  for (const column of metadata.partitionColumns) {
    const field = schema.find((candidate) => candidate.name === column);
    if (field === undefined || !['primitive', 'decimal'].includes(field.type.kind)) {
      throw new CorruptDeltaLog(table.address, `${column} cannot be a partition column of its schema`);
    }
  }
  return schema;
}

function parsedSchema(table: TableFiles, metadata: MetadataAction): readonly DeltaField[] {
  try {
    return parseTableSchema(metadata.schemaString);
  } catch (cause) {
    if (cause instanceof UnknownDeltaType) {
      throw new UnsupportedDeltaTable(table.address, [`type ${cause.typeName}`]);
    }
    throw new CorruptDeltaLog(table.address, 'its schema cannot be read', { cause });
  }
}

function dataFile(add: AddAction): DataFile {
  return {
    path: decodeDataFilePath(add.path),
    partitionValues: add.partitionValues,
    size: add.size,
    numRecords: numRecordsOf(add.stats),
    stats: add.stats,
  };
}

/** Statistics are optional, so unreadable ones count as absent: the footer of the file has the number too. */
function numRecordsOf(stats: string | undefined): number | undefined {
  if (stats === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(stats);
    const numRecords = isObject(parsed) ? parsed['numRecords'] : undefined;
    return Number.isSafeInteger(numRecords) ? (numRecords as number) : undefined;
  } catch {
    return undefined;
  }
}
