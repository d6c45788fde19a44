import type { DeltaField, DeltaType, HistoryEntry, Snapshot } from '@millrace/delta';
import type { TableDetailBody } from '@millrace/domain';

/** A stream makes one a day; more than a year of them is more than anybody reads. */
const MOST_PARTITIONS = 400;

/** What a snapshot tells of its table. */
export function describeSnapshot(
  snapshot: Snapshot,
  rows: number,
  commit: HistoryEntry | undefined,
): Omit<TableDetailBody, 'name' | 'description' | 'upkeep'> {
  const partitions = partitionsOf(snapshot);
  return {
    version: snapshot.version,
    lastCommit: commit?.timestamp
      ? { time: commit.timestamp.toISOString(), operation: commit.operation ?? null }
      : null,
    files: snapshot.files.length,
    bytes: snapshot.files.reduce((sum, { size }) => sum + size, 0),
    rows,
    columns: describeColumns(snapshot),
    partitionColumns: [...snapshot.partitionColumns],
    partitionCount: partitions.length,
    partitions: partitions.slice(-MOST_PARTITIONS),
    properties: snapshot.properties,
  };
}

export function describeColumns({ schema }: Snapshot): TableDetailBody['columns'] {
  return schema.map(({ name, type, nullable }) => ({ name, type: typeText(type), nullable }));
}

/** In the order of their values; a table without partitions has none. */
function partitionsOf({ files, partitionColumns }: Snapshot): TableDetailBody['partitions'] {
  if (partitionColumns.length === 0) return [];
  const byValues = new Map<string, { values: Record<string, string | null>; files: number; bytes: number }>();
  for (const { partitionValues, size } of files) {
    const values = Object.fromEntries(
      partitionColumns.map((column) => [column, partitionValues[column] ?? null]),
    );
    const key = JSON.stringify(Object.values(values));
    const sum = byValues.get(key) ?? { values, files: 0, bytes: 0 };
    byValues.set(key, { values, files: sum.files + 1, bytes: sum.bytes + size });
  }
  return [...byValues].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, partition]) => partition);
}

/** Spark's names of the types that Delta names otherwise. */
const SPARK_NAMES: Readonly<Record<string, string>> = {
  long: 'bigint',
  integer: 'int',
  short: 'smallint',
  byte: 'tinyint',
};

/** As Spark's DDL spells the type. */
function typeText(type: DeltaType): string {
  switch (type.kind) {
    case 'primitive':
      return SPARK_NAMES[type.name] ?? type.name;
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'array':
      return `array<${typeText(type.element)}>`;
    case 'map':
      return `map<${typeText(type.key)},${typeText(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(fieldText).join(',')}>`;
  }
}

const fieldText = ({ name, type }: DeltaField) => `${name}:${typeText(type)}`;
