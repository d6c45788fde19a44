import {
  AnalyzePlanRequest_Explain_ExplainMode as ExplainModeMessage,
  type AnalyzePlanRequest,
  type AnalyzePlanResponse,
} from '../generated/spark/connect/base_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { ProtocolError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';
import { int32Argument } from '../plan/integer-argument';
import { valueIf, type CaseOf, type ValueOf } from '../plan/one-of';
import { planOf } from '../plan/relation';
import type { SparkConnectClient } from '../session/spark-connect-client';
import type { StructType } from '../types/data-type';
import { structTypeFromProto } from '../types/data-type-proto';
import { simpleString } from '../types/simple-string';
import type { DataFrame } from './dataframe';
import { storageLevelFromProto, storageLevelToProto, type StorageLevel } from './storage-level';

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

/** What the server tells about a plan without running it; each method is one `AnalyzePlan` request. */
export class DataFrameAnalysis {
  constructor(
    protected readonly client: SparkConnectClient,
    /** The protocol's message of this plan. */
    readonly relation: Relation,
  ) {}

  /** Names, types and nullability of the columns. */
  async schema(options: CallOptions = {}): Promise<StructType> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.Schema', plan: this.plan() } as const;
    const { schema } = await this.analyze({ case: 'schema', value }, 'schema', options);
    return structTypeFromProto(schema);
  }

  /** The names of the columns. */
  async columns(options: CallOptions = {}): Promise<string[]> {
    return (await this.schema(options)).fieldNames;
  }

  /** Name and type of each column, the type in Spark's short form, e.g. `['tags', 'array<string>']`. */
  async dtypes(options: CallOptions = {}): Promise<[name: string, type: string][]> {
    const { fields } = await this.schema(options);
    return fields.map(({ name, dataType }) => [name, simpleString(dataType)]);
  }

  /**
   * The schema as a tree of text, what PySpark's `printSchema` prints.
   * @param level - how deep nested types are shown; all if left out.
   */
  async treeString(level?: number, options: CallOptions = {}): Promise<string> {
    const depth = level === undefined ? {} : { level: int32Argument('level', level) };
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.TreeString',
      plan: this.plan(),
      ...depth,
    } as const;
    return (await this.analyze({ case: 'treeString', value }, 'treeString', options)).treeString;
  }

  /** The plans as text, what PySpark's `explain` prints. */
  async explain(mode: ExplainMode = 'simple', options: CallOptions = {}): Promise<string> {
    if (!Object.hasOwn(EXPLAIN_MODES, mode))
      throw new TypeError(`there is no mode ${mode}, but ${Object.keys(EXPLAIN_MODES).join(', ')}`);
    const explainMode = EXPLAIN_MODES[mode];
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.Explain',
      plan: this.plan(),
      explainMode,
    } as const;
    return (await this.analyze({ case: 'explain', value }, 'explain', options)).explainString;
  }

  /** True where `collect` runs on the server's driver alone, without executors. */
  async isLocal(options: CallOptions = {}): Promise<boolean> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.IsLocal', plan: this.plan() } as const;
    return (await this.analyze({ case: 'isLocal', value }, 'isLocal', options)).isLocal;
  }

  /** True where the plan has a streaming source: it can then only be written with `writeStream`. */
  async isStreaming(options: CallOptions = {}): Promise<boolean> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.IsStreaming', plan: this.plan() } as const;
    return (await this.analyze({ case: 'isStreaming', value }, 'isStreaming', options)).isStreaming;
  }

  /** The files the plan reads, as far as its sources tell. */
  async inputFiles(options: CallOptions = {}): Promise<string[]> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.InputFiles', plan: this.plan() } as const;
    return (await this.analyze({ case: 'inputFiles', value }, 'inputFiles', options)).files;
  }

  /** True where both plans are the same after normalisation, and so give the same rows. False does not mean that they differ. */
  async sameSemantics(other: DataFrame<object>, options: CallOptions = {}): Promise<boolean> {
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.SameSemantics',
      targetPlan: this.plan(),
      otherPlan: planOf(other.relation),
    } as const;
    return (await this.analyze({ case: 'sameSemantics', value }, 'sameSemantics', options)).result;
  }

  /** A hash that plans with the same semantics share, a signed 32-bit number. */
  async semanticHash(options: CallOptions = {}): Promise<number> {
    const value = { $typeName: 'spark.connect.AnalyzePlanRequest.SemanticHash', plan: this.plan() } as const;
    return (await this.analyze({ case: 'semanticHash', value }, 'semanticHash', options)).result;
  }

  /**
   * Keeps the rows once they are computed, until `unpersist`. Returns at once; nothing is computed yet.
   * @param storageLevel - one of `StorageLevels`; `MEMORY_AND_DISK` if left out.
   */
  async persist(storageLevel?: StorageLevel, options: CallOptions = {}): Promise<this> {
    const at = storageLevel === undefined ? {} : { storageLevel: storageLevelToProto(storageLevel) };
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.Persist',
      relation: this.relation,
      ...at,
    } as const;
    await this.analyze({ case: 'persist', value }, 'persist', options);
    return this;
  }

  /** `persist` with the default level. */
  async cache(options: CallOptions = {}): Promise<this> {
    return this.persist(undefined, options);
  }

  /** @param blocking - resolve only when all blocks are gone. */
  async unpersist(blocking = false, options: CallOptions = {}): Promise<this> {
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.Unpersist',
      relation: this.relation,
      blocking,
    } as const;
    await this.analyze({ case: 'unpersist', value }, 'unpersist', options);
    return this;
  }

  /** Where the rows are kept; `StorageLevels.NONE` if they are not. */
  async storageLevel(options: CallOptions = {}): Promise<StorageLevel> {
    const value = {
      $typeName: 'spark.connect.AnalyzePlanRequest.GetStorageLevel',
      relation: this.relation,
    } as const;
    const answer = await this.analyze({ case: 'getStorageLevel', value }, 'getStorageLevel', options);
    return storageLevelFromProto(answer.storageLevel);
  }

  protected plan() {
    return planOf(this.relation);
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
