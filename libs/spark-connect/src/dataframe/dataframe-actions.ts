import {
  AnalyzePlanRequest_Explain_ExplainMode as ExplainModeMessage,
  type AnalyzePlanRequest,
  type AnalyzePlanResponse,
} from '../generated/spark/connect/base_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { Aggregate_GroupType as GroupType } from '../generated/spark/connect/relations_pb';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions, CallOptions } from '../execute/action-options';
import { count } from '../functions/aggregates';
import { valueIf, type CaseOf, type ValueOf } from '../plan/one-of';
import { commandPlan, planOf, relationOf } from '../plan/relation';
import { arrowBatchesOf, responsesOf, rowsOfBatch, runCommand } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import type { StructType } from '../types/data-type';
import { structTypeFromProto } from '../types/data-type-proto';
import type { Row } from '../types/row';

/** How much `explain` tells. */
export type ExplainMode = 'simple' | 'extended' | 'codegen' | 'cost' | 'formatted';

const EXPLAIN_MODES = {
  simple: ExplainModeMessage.SIMPLE,
  extended: ExplainModeMessage.EXTENDED,
  codegen: ExplainModeMessage.CODEGEN,
  cost: ExplainModeMessage.COST,
  formatted: ExplainModeMessage.FORMATTED,
} as const satisfies Record<ExplainMode, ExplainModeMessage>;

type AnalysisResult = AnalyzePlanResponse['result'];

/** What makes the server work: every method here sends a request, none of the transformations does. */
export class DataFrameActions {
  constructor(
    protected readonly client: SparkConnectClient,
    /** The protocol's message of this plan. */
    readonly relation: Relation,
  ) {}

  /** All rows, in memory. For large results use `toLocalIterator` or write them. */
  async collect(options: ActionOptions = {}): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const batch of this.batches(options)) rows.push(...rowsOfBatch(batch));
    return rows;
  }

  /** The rows one by one, batch by batch from the server; leaving the loop releases the execution. */
  async *toLocalIterator(options: ActionOptions = {}): AsyncGenerator<Row, void, undefined> {
    for await (const batch of this.batches(options)) yield* rowsOfBatch(batch);
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
    const [row] = await new DataFrameActions(this.client, counted).collect(options);
    return Number(row?.['count'] ?? 0n);
  }

  async first(options: ActionOptions = {}): Promise<Row | undefined> {
    return (await this.take(1, options))[0];
  }

  async take(limit: number, options: ActionOptions = {}): Promise<Row[]> {
    const limited = relationOf({ case: 'limit', value: { input: this.relation, limit } });
    return new DataFrameActions(this.client, limited).collect(options);
  }

  async isEmpty(options: ActionOptions = {}): Promise<boolean> {
    return (await this.first(options)) === undefined;
  }

  async schema(options: CallOptions = {}): Promise<StructType> {
    const analyze = {
      case: 'schema',
      value: { $typeName: 'spark.connect.AnalyzePlanRequest.Schema', plan: this.plan() },
    } as const;
    return structTypeFromProto((await this.analyze(analyze, 'schema', options)).schema);
  }

  async isStreaming(options: CallOptions = {}): Promise<boolean> {
    const analyze = {
      case: 'isStreaming',
      value: { $typeName: 'spark.connect.AnalyzePlanRequest.IsStreaming', plan: this.plan() },
    } as const;
    return (await this.analyze(analyze, 'isStreaming', options)).isStreaming;
  }

  async explain(mode: ExplainMode = 'simple', options: CallOptions = {}): Promise<string> {
    const explainMode = EXPLAIN_MODES[mode];
    const analyze = {
      case: 'explain',
      value: { $typeName: 'spark.connect.AnalyzePlanRequest.Explain', plan: this.plan(), explainMode },
    } as const;
    return (await this.analyze(analyze, 'explain', options)).explainString;
  }

  /** Keeps the rows in the executors' memory and disk once computed, until `unpersist`. */
  async persist(options: CallOptions = {}): Promise<this> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.Persist', relation: this.relation } as const;
    await this.analyze({ case: 'persist', value }, 'persist', options);
    return this;
  }

  async unpersist(options: CallOptions = {}): Promise<this> {
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.Unpersist',
      relation: this.relation,
    } as const;
    await this.analyze({ case: 'unpersist', value }, 'unpersist', options);
    return this;
  }

  /** Registers this plan under a name that SQL of the same session can use. */
  async createOrReplaceTempView(name: string, options: ActionOptions = {}): Promise<void> {
    const value = { input: this.relation, name, replace: true };
    await runCommand(this.client, commandPlan({ case: 'createDataframeView', value }), options);
  }

  private plan() {
    return planOf(this.relation);
  }

  private batches(options: ActionOptions) {
    return arrowBatchesOf(responsesOf(this.client, { plan: this.plan() }, options));
  }

  private async analyze<Case extends CaseOf<AnalysisResult>>(
    analyze: AnalyzePlanRequest['analyze'],
    wanted: Case,
    options: CallOptions,
  ): Promise<ValueOf<AnalysisResult, Case>> {
    const { result } = await this.client.analyze(analyze, options);
    const value = valueIf(result, wanted);
    if (value === undefined) throw new ProtocolError(`asked for ${wanted}, got ${String(result.case)}`);
    return value;
  }
}
