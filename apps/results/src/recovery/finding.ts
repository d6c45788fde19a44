import type { BatchStatus, BatchStep } from '@millrace/domain';

/** Something where registry and files do not agree. */
export interface Finding {
  readonly kind: FindingKind;
  readonly batchId: string;
  /** Undefined: the whole batch. */
  readonly step: BatchStep | undefined;
  /** State in the registry; undefined without a row. */
  readonly status: BatchStatus | undefined;
  readonly message: string;
}

export const FINDING_KINDS = {
  orphan: 'a folder without a row: `npm run registry -- rebuild` makes one',
  missing_table: 'a completed batch without a table of its results: run it again',
  missing_version: 'the version of the results is not in the log: run the batch again',
  damaged_table: 'results that cannot be read: run the batch again',
  count_mismatch: 'the row tells another number of rows than the log',
  left_over: 'files of results that were given up: the folder can be deleted',
  partial_table: 'files of a batch that did not complete: the folder can be deleted',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;
