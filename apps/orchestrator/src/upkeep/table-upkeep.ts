import type { KeptTable, UpkeepMetrics, UpkeepOperation, UpkeepRun } from '@millrace/domain';

/** How one operation is carried out and watched. */
export interface Carrying {
  readonly signal: AbortSignal;
  /** Notes that an execution is about to be sent, and gives its id; asked for each time one is sent. */
  readonly nextExecution: (sessionId: string) => Promise<string>;
}

/** What upkeep does to tables. Every method throws ServiceUnavailable while Spark is away. */
export interface TableUpkeep {
  exists(table: KeptTable): Promise<boolean>;
  /** @throws SparkConnectError, also when the signal is aborted: the execution is interrupted then. */
  carryOut(table: KeptTable, operation: UpkeepOperation, carrying: Carrying): Promise<UpkeepMetrics>;
  /** Ends the execution of a run that nobody waits for any more. */
  stop(run: UpkeepRun): Promise<void>;
}
