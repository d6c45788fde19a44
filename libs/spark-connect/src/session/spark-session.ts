import type { InputRowOf, Sendable } from '../arrow/input-of';
import type { InputTuple } from '../arrow/input-values';
import { Catalog } from '../catalog/catalog';
import { DataFrame } from '../dataframe/dataframe';
import { DataFrameReader } from '../dataframe/dataframe-reader';
import { TableValuedFunctions } from '../dataframe/table-valued-functions';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions, CallOptions } from '../execute/action-options';
import { InterruptRequest_InterruptType as InterruptType } from '../generated/spark/connect/base_pb';
import { int32Argument, int64Argument } from '../plan/integer-argument';
import { relationOf, type RelationType } from '../plan/relation';
import { DataStreamReader } from '../streaming/data-stream-reader';
import { StreamingQueryManager } from '../streaming/streaming-query-manager';
import type { StructType } from '../types/data-type';
import type { Row } from '../types/row';
import { addArtifacts, artifactOfFile } from './artifacts';
import { emptyRelation, localRelation, type InputRows, type InputSchema } from './local-data';
import { newSessionOf } from './new-session';
import {
  reattachExecution,
  reattachedRows,
  type ReattachOptions,
  type ReattachedExecution,
} from './reattach';
import { RuntimeConf } from './runtime-conf';
import type { SparkConnectClient } from './spark-connect-client';
import { SCHEDULER_POOL_HEADER, SparkSessionBuilder } from './spark-session-builder';
import { runSql, type SqlArguments } from './sql';

const CLOSE_TIMEOUT_MS = 5_000;

/**
 * One session of a Spark Connect server: confs, temporary views and streaming queries live in it, on the server.
 * It outlives this process; `release` ends it (and stops its streams), `close` only hangs up. Mirrors `org.apache.spark.sql.SparkSession`.
 */
export class SparkSession {
  private constructor(private readonly client: SparkConnectClient) {}

  /** Where sessions are made: `SparkSession.builder().remote(url).build()`. */
  static builder(): SparkSessionBuilder<SparkSession> {
    return new SparkSessionBuilder((client) => new SparkSession(client));
  }

  /** The session's id, a UUID; with the user's it names the session on the server. */
  get sessionId(): string {
    return this.client.parts.identity.sessionId;
  }

  /** The user whose session this is. */
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

  /**
   * The same session and connection, with a pool named on every request made through it.
   * @throws TypeError when the name is not printable ASCII.
   */
  withSchedulerPool(pool: string): SparkSession {
    return this.withHeaders({ [SCHEDULER_POOL_HEADER]: pool });
  }

  /**
   * The same session and connection, with these request headers on every request made through it.
   * @throws TypeError naming the header when gRPC could not send it: a name of other than letters, digits and `_.-`, one it sets itself,
   * or a value that is not printable ASCII.
   */
  withHeaders(headers: Readonly<Record<string, string>>): SparkSession {
    return new SparkSession(this.client.withHeaders(headers));
  }

  /** A new session of the same user and server, with confs, views and streams of its own; close it on its own. */
  newSession(): SparkSession {
    return new SparkSession(newSessionOf(this.client));
  }

  /** The session's settings on the server. */
  get conf(): RuntimeConf {
    return new RuntimeConf(this.client);
  }

  /** Databases, tables, views and functions. */
  get catalog(): Catalog {
    return new Catalog(this.client);
  }

  /** Reads a source as a batch; a reader of its own each time. */
  get read(): DataFrameReader {
    return new DataFrameReader(this.client);
  }

  /** Reads a source as a stream; a reader of its own each time. */
  get readStream(): DataStreamReader {
    return new DataStreamReader(this.client);
  }

  /** The functions that give a table. Spark 4.0. */
  get tvf(): TableValuedFunctions {
    return new TableValuedFunctions(this.client);
  }

  /** The streaming queries of this session. */
  get streams(): StreamingQueryManager {
    return new StreamingQueryManager(this.client);
  }

  /**
   * Runs a statement on the server, once, and returns its result: rows of a command, a lazy plan of a query.
   * Values belong into `args` (`:name` or `?`), never into the text; a DataFrame among named ones is the table of that name.
   */
  async sql(text: string, args: SqlArguments = {}, options: ActionOptions = {}): Promise<DataFrame> {
    return new DataFrame(this.client, await runSql(this.client, text, args, options));
  }

  /** A table or view of the catalog; the same as `read.table`. */
  table(name: string): DataFrame {
    return this.read.table(name);
  }

  /**
   * A DataFrame of any relation of the protocol, for what has no method here: extensions of the server, messages of a newer Spark.
   * Mirrors `SparkSession.newDataFrame` of the Scala client (a developer's API there, too).
   */
  newDataFrame(relation: RelationType): DataFrame {
    return new DataFrame(this.client, relationOf(relation));
  }

  /**
   * Rows `id` from `start` (or 0) to before `end`.
   * @throws RangeError for a fraction, a number that is not safe or a bigint of more than 64 bits.
   */
  range(
    start: number | bigint,
    end?: number | bigint,
    step: number | bigint = 1n,
    numPartitions?: number,
  ): DataFrame {
    const [from, to] = end === undefined ? [0n, start] : [start, end];
    const partitions =
      numPartitions === undefined ? {} : { numPartitions: int32Argument('numPartitions', numPartitions) };
    const value = {
      start: int64Argument('start', from),
      end: int64Argument('end', to),
      step: int64Argument('step', step),
      ...partitions,
    };
    return new DataFrame(this.client, relationOf({ case: 'range', value }));
  }

  /**
   * A DataFrame of rows of this process: objects keyed by column name, or lists in the order of the columns. The rows travel inside the
   * plan; if they are more than `localRelationCacheThresholdBytes` they are sent once, before the first plan that needs them, and kept
   * for the session.
   * @param schema - the types of the columns, or only their names. Types not given are inferred from all rows: safe whole numbers
   * and bigints are BIGINT, other numbers (also -0, and those beyond the range of BIGINT) DOUBLE, `Date` and `Timestamp`
   * TIMESTAMP, plain objects STRUCT, a `Map` MAP. DATE is text as rows give it, beyond the year 9999 `'+10000-01-01'`.
   * @throws TypeError naming row (from 0) and column of a value that does not fit, RangeError of one that is too large, and, without
   * a schema, of a whole number that is not safe and within the range of BIGINT: use a bigint; TypeError for two columns of one name,
   * for a row with a key that is no column, or naming the column whose type cannot be told.
   */
  createDataFrame<Columns extends object>(
    rows: NoInfer<readonly InputRowOf<Columns>[] | readonly InputTuple[]>,
    schema: StructType<Columns>,
  ): DataFrame<Columns>;
  createDataFrame<R extends object>(
    rows: readonly (R & Sendable<R>)[],
    schema?: readonly string[],
  ): DataFrame;
  createDataFrame(rows: readonly object[], schema?: InputSchema): DataFrame {
    return this.newDataFrame(localRelation(this.client, rows as InputRows, schema));
  }

  /** No rows and no columns. */
  get emptyDataFrame(): DataFrame {
    return this.newDataFrame(emptyRelation());
  }

  /**
   * Sends files to the server for this session: jars join the class path of its executions, other files are found by their name through
   * `SparkFiles`. A name can be used once only with one content.
   * @throws TypeError for files of Python and single class files, which no plan of this client could use.
   */
  async addArtifacts(paths: string | readonly string[], options: CallOptions = {}): Promise<void> {
    const artifacts = await Promise.all([paths].flat().map(artifactOfFile));
    await addArtifacts(this.client, artifacts, options);
  }

  /**
   * Tags every execution from now on, of all views of the session, for `interruptTag`. Streaming queries are never tagged: an interrupt
   * by tag does not stop them. To tag one execution use the option `tags` of its action.
   * @throws TypeError when the tag is empty or has a comma.
   */
  addTag(tag: string): void {
    this.client.parts.tags.add(tag);
  }

  /** Takes back a tag that `addTag` has set; any other is ignored. */
  removeTag(tag: string): void {
    this.client.parts.tags.remove(tag);
  }

  /** The tags that `addTag` has set. */
  getTags(): string[] {
    return this.client.parts.tags.with();
  }

  /** Takes back all tags that `addTag` has set. */
  clearTags(): void {
    this.client.parts.tags.clear();
  }

  /**
   * Waits for an execution that an earlier process sent under this session, and returns its result: rows, in memory, and whatever else it
   * gave. An adoption that fails leaves the execution as it was: it is released only when it has ended, or was interrupted by an abort.
   * @throws OperationNotFoundError when the server does not know it (any more).
   */
  reattach(operationId: string, options: ReattachOptions = {}): Promise<ReattachedExecution> {
    return reattachExecution(this.client, operationId, options);
  }

  /**
   * As `reattach`, for a large result: its rows one by one. Leaving the loop leaves the execution to the next process, which goes on after
   * the last response `onConsumed` told of.
   */
  reattachToLocalIterator(
    operationId: string,
    options: ReattachOptions = {},
  ): AsyncGenerator<Row, void, undefined> {
    return reattachedRows(this.client, operationId, options);
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
    // First, so that listeners are not told of the end that is wanted here.
    await this.client.parts.listenerBus.close(CLOSE_TIMEOUT_MS);
    await this.client.releaseSession(options.allowReconnect ?? false, options);
  }

  /** `release`, then `close`: the session and everything of it ends. A session that was stopped may be stopped again. */
  async stop(options: CallOptions = {}): Promise<void> {
    try {
      await this.release(options);
    } finally {
      await this.close();
    }
  }

  /**
   * Closes the connection of this session and of all its views; on the server the session goes on, and so do its executions, which can be
   * adopted (`reattach`). Calls under way, and later ones, reject with `ClientClosedError`.
   */
  async close(): Promise<void> {
    const { channel, listenerBus, releases } = this.client.parts;
    await listenerBus.close(CLOSE_TIMEOUT_MS);
    await releases.settledWithin(CLOSE_TIMEOUT_MS);
    channel.close();
  }
}
