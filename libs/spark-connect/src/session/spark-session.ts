import { encodeRows } from '../arrow/arrow-encoder';
import type { InputRow } from '../arrow/input-values';
import { DataFrame } from '../dataframe/dataframe';
import { DataFrameReader } from '../dataframe/dataframe-reader';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions, CallOptions } from '../execute/action-options';
import { InterruptRequest_InterruptType as InterruptType } from '../generated/spark/connect/base_pb';
import { relationOf } from '../plan/relation';
import { StreamingQueryManager } from '../streaming/streaming-query-manager';
import type { StructType } from '../types/data-type';
import { toJson } from '../types/data-type-text';
import { reattachExecution, type ReattachOptions, type ReattachedExecution } from './reattach';
import { RuntimeConf } from './runtime-conf';
import type { SparkConnectClient } from './spark-connect-client';
import { SCHEDULER_POOL_HEADER, SparkSessionBuilder } from './spark-session-builder';
import { runSql, type SqlArguments } from './sql';

const CLOSE_TIMEOUT_MS = 5_000;

/**
 * One session of a Spark Connect server: confs, temporary views and streaming queries live in it, on the server.
 * It outlives this process; `release` ends it (and stops its streams), `close` only hangs up.
 */
export class SparkSession {
  private constructor(private readonly client: SparkConnectClient) {}

  static builder(): SparkSessionBuilder<SparkSession> {
    return new SparkSessionBuilder((client) => new SparkSession(client));
  }

  get sessionId(): string {
    return this.client.parts.identity.sessionId;
  }

  get userId(): string {
    return this.client.parts.identity.userId;
  }

  /** The server's name for its side of the session; undefined before the first response. Store it to notice a restart. */
  get serverSideSessionId(): string | undefined {
    return this.client.parts.identity.serverSideSessionId;
  }

  /** The server's Spark version: the cheapest request, usable as a heartbeat. */
  async version(options: CallOptions = {}): Promise<string> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.SparkVersion' } as const;
    const { result } = await this.client.analyze({ case: 'sparkVersion', value }, options);
    if (result.case !== 'sparkVersion') throw new ProtocolError('asked for the version, got something else');
    return result.value.version;
  }

  /** The same session and connection, with a pool named on every request made through it. */
  withSchedulerPool(pool: string): SparkSession {
    return this.withHeaders({ [SCHEDULER_POOL_HEADER]: pool });
  }

  /** The same session and connection, with these request headers on every request made through it. */
  withHeaders(headers: Readonly<Record<string, string>>): SparkSession {
    return new SparkSession(this.client.withHeaders(headers));
  }

  get conf(): RuntimeConf {
    return new RuntimeConf(this.client);
  }

  get read(): DataFrameReader {
    return new DataFrameReader(this.client, false);
  }

  get readStream(): DataFrameReader {
    return new DataFrameReader(this.client, true);
  }

  get streams(): StreamingQueryManager {
    return new StreamingQueryManager(this.client);
  }

  /**
   * Runs a statement on the server, once, and returns its result: rows of a command, a lazy plan of a query.
   * Values belong into `args` (`:name` or `?`), never into the text.
   */
  async sql(text: string, args: SqlArguments = {}, options: ActionOptions = {}): Promise<DataFrame> {
    return new DataFrame(this.client, await runSql(this.client, text, args, options));
  }

  table(name: string): DataFrame {
    return this.read.table(name);
  }

  /** Rows `id` from `start` (or 0) to before `end`. */
  range(
    start: number | bigint,
    end?: number | bigint,
    step: number | bigint = 1n,
    numPartitions?: number,
  ): DataFrame {
    const [from, to] = end === undefined ? [0n, BigInt(start)] : [BigInt(start), BigInt(end)];
    const partitions = numPartitions === undefined ? {} : { numPartitions };
    const value = { start: from, end: to, step: BigInt(step), ...partitions };
    return new DataFrame(this.client, relationOf({ case: 'range', value }));
  }

  /** A DataFrame of rows of this process, sent inside the plan: for small tables and tests. */
  createDataFrame(rows: readonly InputRow[], schema: StructType): DataFrame {
    const value = { data: encodeRows(rows, schema), schema: toJson(schema) };
    return new DataFrame(this.client, relationOf({ case: 'localRelation', value }));
  }

  /**
   * Waits for an execution that an earlier process sent under this session, and returns its result.
   * @throws OperationNotFoundError when the server does not know it (any more).
   */
  reattach(operationId: string, options: ReattachOptions = {}): Promise<ReattachedExecution> {
    return reattachExecution(this.client, operationId, options);
  }

  /**
   * Cancels one execution; the ids the server found. On Spark 4.0 an interrupt that arrives while the plan is still being prepared can
   * leave its Spark job running.
   */
  interruptOperation(operationId: string, options: CallOptions = {}): Promise<string[]> {
    return this.client.interrupt(
      InterruptType.OPERATION_ID,
      { case: 'operationId', value: operationId },
      options,
    );
  }

  /** Cancels every execution with the tag, streaming queries that carry it included. */
  interruptTag(tag: string, options: CallOptions = {}): Promise<string[]> {
    return this.client.interrupt(InterruptType.TAG, { case: 'operationTag', value: tag }, options);
  }

  /** DANGER: cancels every execution of the session and STOPS EVERY STREAMING QUERY of it. Prefer `interruptOperation`. */
  interruptAllIncludingStreams(options: CallOptions = {}): Promise<string[]> {
    return this.client.interrupt(InterruptType.ALL, { case: undefined }, options);
  }

  /** Ends the session on the server: its streaming queries stop, its views and confs are gone, its id cannot be used again. */
  async release(options: CallOptions & { readonly allowReconnect?: boolean } = {}): Promise<void> {
    await this.client.releaseSession(options.allowReconnect ?? false, options);
  }

  /** Closes the connection of this session and of all its views; on the server the session goes on. */
  async close(): Promise<void> {
    const { channel, releases } = this.client.parts;
    await releases.settledWithin(CLOSE_TIMEOUT_MS);
    channel.close();
  }
}
