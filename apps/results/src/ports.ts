import type { DeltaTables } from '@millrace/delta';
import type { BatchRegistry, RejectReplays, UpkeepRegistry } from '@millrace/domain';
import type { ExportFiles } from './exports/export-files';

/** Everything outside this process that the results service stands on. */
export interface ResultsPorts {
  readonly batches: Pick<BatchRegistry, 'find'>;
  readonly tables: Pick<
    DeltaTables,
    | 'openSnapshot'
    | 'countRows'
    | 'countBy'
    | 'readPage'
    | 'streamText'
    | 'streamArrow'
    | 'writeParquet'
    | 'compare'
    | 'history'
  >;
  /** Files that were written for downloads. */
  readonly exports: Pick<ExportFiles, 'get'>;
  readonly upkeep: Pick<UpkeepRegistry, 'list'>;
  readonly rejectReplays: Pick<RejectReplays, 'find' | 'counts'>;
  pingRegistry(): Promise<void>;
  /** Whether the tables can be reached, even where there is none yet. */
  pingTables(): Promise<void>;
  /** Closes the connections, once no request needs them any more. */
  close(): Promise<void>;
}

/** Injection tokens. */
export const RESULTS_PORTS = Symbol('ResultsPorts');
export const RESULTS_CONFIG = Symbol('ResultsConfig');
