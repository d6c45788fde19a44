import type { DeltaTables } from '@millrace/delta';
import type { BatchRegistry, TablePaths } from '@millrace/domain';

/** What recovery and audit compare: the registry, and the files below the base path. */
export interface RecoveryPorts {
  readonly batches: Pick<BatchRegistry, 'find' | 'list' | 'recover'>;
  readonly tables: Pick<
    DeltaTables,
    'openSnapshot' | 'countRows' | 'readPage' | 'commitInfos' | 'damagedFiles' | 'listFolders'
  >;
  readonly paths: TablePaths;
}

/** How a long walk over many batches is watched and ended. */
export interface WalkOptions {
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: WalkProgress) => void;
}

export interface WalkProgress {
  readonly what: 'folders' | 'rows';
  readonly done: number;
  readonly total: number;
}

/** Batches that are looked at together: each waits for the disk and for Postgres in turn. */
export const BATCHES_AT_ONCE = 4;
