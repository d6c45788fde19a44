/** Name of the stream of the transactions pipeline, the one that the public routes are about. */
export const TRANSACTIONS_STREAM = 'transactions';

/** What the operator asked for; whether a query really runs is in the queries. */
export const DESIRED_STATES = ['RUNNING', 'STOPPED'] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** JSON as Postgres stores it. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A streaming query of a stream. `queryId` survives restarts (it is in the checkpoint), `runId` does not. */
export interface StreamQueryRecord {
  readonly name: string;
  readonly queryId: string;
  readonly runId: string;
  readonly checkpointPath: string;
  readonly tablePath: string;
  readonly isActive: boolean;
  readonly statusMessage: string | null;
  readonly lastProgress: JsonValue;
  readonly recentProgress: readonly JsonValue[];
  readonly errorMessage: string | null;
  readonly restarts: number;
  readonly updateTime: Date;
}

export interface StreamRecord {
  /** Name of the pipeline. */
  readonly name: string;
  readonly desired: DesiredState;
  readonly topic: string;
  readonly startTime: Date;
  readonly queries: readonly StreamQueryRecord[];
}

/** The Spark Connect session of the orchestrator: the streaming queries die with it, so its id is kept. */
export interface StoredSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly serverSideSessionId: string | null;
}

export interface StreamRegistry {
  /** STOPPED (or absent) -> RUNNING; false when it is RUNNING already. */
  requestStart(name: string, topic: string, startTime: Date): Promise<boolean>;
  /** RUNNING -> STOPPED; false when it is not RUNNING. */
  requestStop(name: string): Promise<boolean>;
  find(name: string): Promise<StreamRecord | undefined>;
  list(): Promise<StreamRecord[]>;
  /** Inserts or replaces one query of a stream. */
  saveQuery(streamName: string, query: StreamQueryRecord): Promise<void>;
  loadSession(): Promise<StoredSession | undefined>;
  saveSession(session: StoredSession): Promise<void>;
}
