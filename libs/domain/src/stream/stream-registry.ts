import type { QueryMeasures } from './query-measures';
import type { CheckpointGeneration, CheckpointOf, StreamGap } from './stream-gap';

/** Name of the stream of the transactions pipeline, the one that the public routes are about. */
export const TRANSACTIONS_STREAM = 'transactions';

/** What the operator asked for; whether a query really runs is in the queries. */
export const DESIRED_STATES = ['RUNNING', 'STOPPED'] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** Whether a stream goes on for ever, or ends when it has processed what was there. */
export const STREAM_MODES = ['continuous', 'drain'] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** Why a query is not started again by itself: it failed too often in a row, or events are gone before they were read. */
export const QUERY_FAILURES = ['RESTART_LIMIT', 'DATA_LOSS'] as const;
export type QueryFailure = (typeof QUERY_FAILURES)[number];

/** JSON as Postgres stores it. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * What a query did with its input since its first start, in rows by name, as its sink wrote it beside the checkpoint: events of a topic are
 * `offered`, `received`, `stored`, `rejected` and `duplicate`, rows of windows are `late` and `updated`.
 */
export type QueryCounts = Readonly<Record<string, number>>;

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
  /** Null until the first micro-batch has been counted. */
  readonly counts: QueryCounts | null;
  readonly errorMessage: string | null;
  readonly restarts: number;
  /** Of the checkpoint: one more each time that a gap was accepted. 1 is the first. */
  readonly generation: number;
  /** Null while it runs, is stopped or is started again by itself. */
  readonly failure: QueryFailure | null;
  /** Null until something was measured. */
  readonly measures: QueryMeasures | null;
  readonly updateTime: Date;
}

export interface StreamRecord {
  /** Name of the pipeline. */
  readonly name: string;
  readonly desired: DesiredState;
  readonly topic: string;
  readonly startTime: Date;
  /** Kept up to date beside the queries that every stream has, by name. */
  readonly analyses: readonly string[];
  readonly mode: StreamMode;
  readonly queries: readonly StreamQueryRecord[];
  /** All there ever were, the newest first. */
  readonly gaps: readonly StreamGap[];
}

/** The Spark Connect session of the orchestrator: the streaming queries die with it, so its id is kept. */
export interface StoredSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly serverSideSessionId: string | null;
}

export interface StreamRegistry {
  /** STOPPED (or absent) -> RUNNING; false when it is RUNNING already. */
  requestStart(
    name: string,
    topic: string,
    startTime: Date,
    analyses?: readonly string[],
    mode?: StreamMode,
  ): Promise<boolean>;
  /** RUNNING -> STOPPED; false when it is not RUNNING. */
  requestStop(name: string): Promise<boolean>;
  find(name: string): Promise<StreamRecord | undefined>;
  list(): Promise<StreamRecord[]>;
  /** Inserts or replaces one query of a stream. */
  saveQuery(streamName: string, query: StreamQueryRecord): Promise<void>;
  /** The newest checkpoint of a query on a topic. */
  findGeneration(of: CheckpointOf): Promise<CheckpointGeneration | undefined>;
  /**
   * Adds a checkpoint, and in the same transaction accepts the open gaps that the one before it met; false when it is there already.
   */
  beginGeneration(generation: CheckpointGeneration): Promise<boolean>;
  /**
   * Adds gaps of a stream that was started once; an open one of the same generation and partition is replaced but for its
   * `detectedAt`, an accepted one stays.
   */
  recordGaps(streamName: string, gaps: readonly StreamGap[]): Promise<void>;
  loadSession(): Promise<StoredSession | undefined>;
  saveSession(session: StoredSession): Promise<void>;
}
