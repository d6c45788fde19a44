import type { KeptTable } from './table-name';

/** Upkeep of tables in BullMQ: a job for each operation, by its time or on request. */
export const UPKEEP_QUEUE = 'upkeep';

/** `zorder` is an optimize that also sorts the rows, so that queries by customer and category read fewer files. */
export const UPKEEP_OPERATIONS = ['optimize', 'zorder', 'vacuum'] as const;
export type UpkeepOperation = (typeof UPKEEP_OPERATIONS)[number];

/**
 * What can be done with each table. Rows are sorted only where queries look for customers and categories; an analysis is a few rows, which
 * every micro-batch writes anew.
 */
export const UPKEEP_OF = {
  transactions: ['optimize', 'zorder', 'vacuum'],
  stream_aggregations: ['optimize', 'vacuum'],
  rejects: ['optimize', 'vacuum'],
  revenue_by_category: ['vacuum'],
  payment_analysis: ['vacuum'],
  channel_performance: ['vacuum'],
} as const satisfies Record<KeptTable, readonly UpkeepOperation[]>;

/** SKIPPED: there is no such table yet. */
export const UPKEEP_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'] as const;
export type UpkeepStatus = (typeof UPKEEP_STATUSES)[number];

/** So many runs are kept, of all tables together. */
export const KEPT_UPKEEP_RUNS = 1_000;

/** Numbers that Delta told of what it did, by name: files and bytes added and removed, and the like. */
export type UpkeepMetrics = Readonly<Record<string, number>>;

/** One run of an operation on a table. */
export interface UpkeepRun {
  /** UUID */
  readonly runId: string;
  /** The BullMQ job that asked for it; a job that met a dead Spark has several runs. */
  readonly jobId: string;
  readonly table: KeptTable;
  readonly operation: UpkeepOperation;
  readonly status: UpkeepStatus;
  /** Executions that were sent: more than one where the stream's commits were in the way. */
  readonly executions: number;
  /** The last execution and its session, to end it where nobody waits for it any more. */
  readonly operationId: string | null;
  readonly sessionId: string | null;
  readonly startTime: Date;
  readonly endTime: Date | null;
  readonly metrics: UpkeepMetrics | null;
  readonly errorMessage: string | null;
}

export type NewUpkeepRun = Pick<UpkeepRun, 'runId' | 'jobId' | 'table' | 'operation' | 'startTime'>;

export type UpkeepEnd =
  | { readonly status: 'COMPLETED'; readonly endTime: Date; readonly metrics: UpkeepMetrics }
  | { readonly status: 'FAILED' | 'SKIPPED'; readonly endTime: Date; readonly errorMessage: string };

/** What was done to the tables, the newest runs. Every method throws ServiceUnavailable when the registry is away. */
export interface UpkeepRegistry {
  /** Notes a run as RUNNING and forgets the oldest beyond `KEPT_UPKEEP_RUNS`; false while another one of its table is. */
  begin(run: NewUpkeepRun): Promise<boolean>;
  /** Notes the execution that is about to be sent; false when the run is not RUNNING any more. */
  storeExecution(
    runId: string,
    execution: { readonly operationId: string; readonly sessionId: string },
  ): Promise<boolean>;
  /** False when the run is not RUNNING any more. */
  end(runId: string, end: UpkeepEnd): Promise<boolean>;
  /** Runs that nobody has ended, oldest first. */
  running(): Promise<UpkeepRun[]>;
  /** Newest first. */
  list(table: KeptTable, limit: number): Promise<UpkeepRun[]>;
}
