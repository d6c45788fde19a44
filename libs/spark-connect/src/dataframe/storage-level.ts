import { create } from '@bufbuild/protobuf';
import {
  StorageLevelSchema,
  type StorageLevel as StorageLevelMessage,
} from '../generated/spark/connect/common_pb';

/** Where cached rows are kept, as Spark's `org.apache.spark.storage.StorageLevel`. */
export interface StorageLevel {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  /** As objects of the JVM (fast) rather than as bytes (small). */
  readonly deserialized: boolean;
  /** On how many executors. */
  readonly replication: number;
}

/** The named levels with the meaning they have in Spark's JVM API (PySpark's `MEMORY_ONLY` is the JVM's `MEMORY_ONLY_SER`). */
export const StorageLevels = {
  NONE: level([]),
  DISK_ONLY: level(['useDisk']),
  DISK_ONLY_2: level(['useDisk'], 2),
  DISK_ONLY_3: level(['useDisk'], 3),
  MEMORY_ONLY: level(['useMemory', 'deserialized']),
  MEMORY_ONLY_2: level(['useMemory', 'deserialized'], 2),
  MEMORY_ONLY_SER: level(['useMemory']),
  MEMORY_ONLY_SER_2: level(['useMemory'], 2),
  /** The default of `persist` and `cacheTable`. */
  MEMORY_AND_DISK: level(['useDisk', 'useMemory', 'deserialized']),
  MEMORY_AND_DISK_2: level(['useDisk', 'useMemory', 'deserialized'], 2),
  MEMORY_AND_DISK_SER: level(['useDisk', 'useMemory']),
  MEMORY_AND_DISK_SER_2: level(['useDisk', 'useMemory'], 2),
  OFF_HEAP: level(['useDisk', 'useMemory', 'useOffHeap']),
} as const;

type Flag = 'useDisk' | 'useMemory' | 'useOffHeap' | 'deserialized';

function level(flags: readonly Flag[], replication = 1): StorageLevel {
  return {
    useDisk: flags.includes('useDisk'),
    useMemory: flags.includes('useMemory'),
    useOffHeap: flags.includes('useOffHeap'),
    deserialized: flags.includes('deserialized'),
    replication,
  };
}

/** The protocol's message of a level. */
export function storageLevelToProto(storageLevel: StorageLevel): StorageLevelMessage {
  return create(StorageLevelSchema, { ...storageLevel });
}

/** The level a message says. */
export function storageLevelFromProto(message: StorageLevelMessage | undefined): StorageLevel {
  if (message === undefined) return StorageLevels.NONE;
  const { useDisk, useMemory, useOffHeap, deserialized, replication } = message;
  return { useDisk, useMemory, useOffHeap, deserialized, replication };
}
