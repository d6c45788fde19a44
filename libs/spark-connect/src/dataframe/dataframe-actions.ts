import type { Relation } from '../generated/spark/connect/relations_pb';
import { Aggregate_GroupType as GroupType } from '../generated/spark/connect/relations_pb';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import { count } from '../functions/aggregates';
import { int32Argument } from '../plan/integer-argument';
import { commandPlan, relationOf } from '../plan/relation';
import { arrowBatchesOf, responsesOf, rowsOfBatch, runCommand } from '../session/plan-results';
import type { Row } from '../types/row';
import { checkpointed, removeCheckpoint } from './checkpoint';
import type { DataFrame } from './dataframe';
import { DataFrameAnalysis } from './dataframe-analysis';
import type { StorageLevel } from './storage-level';

const SHOWN_ROWS = 20;
const SHOWN_CHARACTERS = 20;

/**
 * What makes the server work: every method here runs something there, none of the transformations does.
 * There is no `foreach` or `foreachPartition`: the server cannot run functions of JavaScript. Use `toLocalIterator`.
 */
export abstract class DataFrameActions<T extends object = Row> extends DataFrameAnalysis {
  /** All rows, in memory. For large results use `toLocalIterator` or write them. */
  async collect(options: ActionOptions = {}): Promise<T[]> {
    const rows: T[] = [];
    // One by one: a batch can have more rows than a call can have arguments.
    for await (const batch of this.batches(options))
      for (const row of rowsOfBatch(batch)) rows.push(row as T);
    return rows;
  }

  /** The rows one by one, batch by batch from the server; leaving the loop releases the execution. */
  async *toLocalIterator(options: ActionOptions = {}): AsyncGenerator<T, void, undefined> {
    for await (const batch of this.batches(options)) yield* rowsOfBatch(batch) as T[];
  }

  /** The result as self-contained Arrow IPC streams, one a batch (at least one, also for no rows). */
  async *toArrowBatches(options: ActionOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const batch of this.batches(options)) yield batch.data;
  }

  /** The number of rows; exact up to 2^53. */
  async count(options: ActionOptions = {}): Promise<number> {
    const counted = relationOf({
      case: 'aggregate',
      value: {
        input: this.relation,
        groupType: GroupType.GROUPBY,
        aggregateExpressions: [count('*').alias('count').expression],
      },
    });
    const [row] = await this.derived(counted).collect(options);
    return Number(row?.['count'] ?? 0n);
  }

  /** The first row; undefined where there is none. Which one that is is only known after `orderBy`. */
  async first(options: ActionOptions = {}): Promise<T | undefined> {
    return (await this.take(1, options))[0];
  }

  /** Without a number the first row, as `first`; with one the first rows, as `take`. */
  head(options?: ActionOptions): Promise<T | undefined>;
  head(limit: number, options?: ActionOptions): Promise<T[]>;
  head(first: number | ActionOptions = {}, options: ActionOptions = {}): Promise<T[] | T | undefined> {
    return typeof first === 'number' ? this.take(first, options) : this.first(first);
  }

  /** At most so many rows, the first ones; which these are is only known after `orderBy`. */
  async take(limit: number, options: ActionOptions = {}): Promise<T[]> {
    const value = { input: this.relation, limit: int32Argument('limit', limit) };
    return this.derived<T>(relationOf({ case: 'limit', value })).collect(options);
  }

  /** The last rows, in order. The server gathers them in its driver: for small numbers. */
  async tail(limit: number, options: ActionOptions = {}): Promise<T[]> {
    const value = { input: this.relation, limit: int32Argument('limit', limit) };
    return this.derived<T>(relationOf({ case: 'tail', value })).collect(options);
  }

  /** Whether there are no rows. */
  async isEmpty(options: ActionOptions = {}): Promise<boolean> {
    return (await this.first(options)) === undefined;
  }

  /**
   * The first rows as a table of text, what PySpark's `show` prints.
   * @param truncate - characters after which a cell is cut; 0 or false never cuts, true is 20.
   * @param vertical - one line a value instead of one a row.
   */
  async showString(
    numRows = SHOWN_ROWS,
    truncate: number | boolean = true,
    vertical = false,
    options: ActionOptions = {},
  ): Promise<string> {
    const characters = typeof truncate === 'number' ? truncate : truncate ? SHOWN_CHARACTERS : 0;
    const value = {
      input: this.relation,
      numRows: int32Argument('numRows', numRows),
      truncate: int32Argument('truncate', characters),
      vertical,
    };
    const [row] = await this.derived(relationOf({ case: 'showString', value })).collect(options);
    const [text] = Object.values(row ?? {});
    if (typeof text !== 'string') throw new ProtocolError('asked for a table of text, got something else');
    return text;
  }

  /**
   * Computes the rows into the server's checkpoint folder (`spark.checkpoint.dir` of the server) and returns a DataFrame that begins
   * there: the plan before it is cut off. Call its `releaseCheckpoint` when it is no longer needed; the end of the session does so too.
   * @param eager - compute now rather than with the first action.
   */
  async checkpoint(eager = true, options: ActionOptions = {}): Promise<DataFrame<T>> {
    return this.derived(await checkpointed(this.client, this.relation, { eager, local: false }, options));
  }

  /** As `checkpoint`, on the executors' own storage: needs no folder, and is lost with an executor. */
  async localCheckpoint(
    eager = true,
    storageLevel?: StorageLevel,
    options: ActionOptions = {},
  ): Promise<DataFrame<T>> {
    const how = { eager, local: true, storageLevel };
    return this.derived(await checkpointed(this.client, this.relation, how, options));
  }

  /**
   * Makes the server forget this checkpoint; DataFrames derived from it can then no longer run.
   * @throws TypeError when this DataFrame is not itself the result of a checkpoint.
   */
  async releaseCheckpoint(options: ActionOptions = {}): Promise<void> {
    await removeCheckpoint(this.client, this.relation, options);
  }

  /** Registers this plan under a name that SQL of the same session can use; fails where the view exists. */
  async createTempView(name: string, options: ActionOptions = {}): Promise<void> {
    await this.createView({ name, isGlobal: false, replace: false }, options);
  }

  /** As `createTempView`, replacing an earlier view of the name. */
  async createOrReplaceTempView(name: string, options: ActionOptions = {}): Promise<void> {
    await this.createView({ name, isGlobal: false, replace: true }, options);
  }

  /** A view that every session of the server sees, as `global_temp.<name>`; fails where the view exists. */
  async createGlobalTempView(name: string, options: ActionOptions = {}): Promise<void> {
    await this.createView({ name, isGlobal: true, replace: false }, options);
  }

  /** As `createGlobalTempView`, replacing an earlier view of the name. */
  async createOrReplaceGlobalTempView(name: string, options: ActionOptions = {}): Promise<void> {
    await this.createView({ name, isGlobal: true, replace: true }, options);
  }

  /** A DataFrame of the same session. */
  protected abstract derived<U extends object = Row>(relation: Relation): DataFrame<U>;

  private batches(options: ActionOptions) {
    return arrowBatchesOf(responsesOf(this.client, { plan: this.plan() }, options));
  }

  private async createView(
    view: { readonly name: string; readonly isGlobal: boolean; readonly replace: boolean },
    options: ActionOptions,
  ): Promise<void> {
    const value = { input: this.relation, ...view };
    await runCommand(this.client, commandPlan({ case: 'createDataframeView', value }), options);
  }
}
