import type { Plan } from '../generated/spark/connect/base_pb';
import type { WriteStreamOperationStartResult } from '../generated/spark/connect/commands_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { OptionMap, type Options, type OptionValue } from '../dataframe/option-value';
import { ProtocolError } from '../errors/spark-connect-error';
import { refuseUnlessOneOf, refuseUnlessText } from '../execute/option-checks';
import { commandPlan, type CommandType } from '../plan/relation';
import { runForResponses } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { refuseTags, type StreamingCommandOptions } from './streaming-command';
import { StreamingQuery } from './streaming-query';

/**
 * When a micro-batch begins. Without a trigger the next one begins as soon as the last has ended.
 * - `processingTime`: at this interval (`'10 seconds'`; `'0 seconds'` is as soon as possible);
 * - `availableNow`: all that is there now, in as many batches as the source's limits ask for, then the query ends;
 * - `once`: the same in a single batch, whatever the limits (Spark advises against it);
 * - `continuous`: no batches; a checkpoint at this interval (few sources and sinks can).
 */
export type Trigger =
  | OneTrigger<'processingTime', string>
  | OneTrigger<'availableNow', true>
  | OneTrigger<'once', true>
  | OneTrigger<'continuous', string>;

type TriggerKind = 'processingTime' | 'availableNow' | 'once' | 'continuous';
/** A trigger is of one kind only. */
type OneTrigger<Kind extends TriggerKind, Value> = Readonly<Record<Kind, Value>> & {
  readonly [Other in Exclude<TriggerKind, Kind>]?: undefined;
};

const OUTPUT_MODES = ['append', 'update', 'complete'] as const;

/** `append`: only new rows that are final; `update`: the rows that changed; `complete`: all rows of an aggregation, every time. */
export type OutputMode = (typeof OUTPUT_MODES)[number];

type StartInit = Extract<CommandType, { case: 'writeStreamOperationStart' }>['value'];
type TriggerInit = NonNullable<StartInit['trigger']>;
type SinkInit = NonNullable<StartInit['sinkDestination']>;

/**
 * Starts a streaming query; the setters change this writer and return it, as in PySpark. Mirrors `org.apache.spark.sql.streaming.DataStreamWriter`.
 * `foreach` and `foreachBatch` are not here: they need a closure that the server can run, which JavaScript is not.
 */
export class DataStreamWriter {
  private source: string | undefined;
  private name: string | undefined;
  private mode: OutputMode = 'append';
  private when: TriggerInit | undefined;
  private partitioningColumns: readonly string[] = [];
  private clusteringColumns: readonly string[] = [];
  private readonly writeOptions = new OptionMap();

  constructor(
    private readonly client: SparkConnectClient,
    private readonly input: Relation,
  ) {}

  /** The sink: `delta`, `parquet`, `kafka`, `memory`, `console`, `noop`, ...; without one, `spark.sql.sources.default`. */
  format(source: string): this {
    this.source = source;
    return this;
  }

  /** Unique among the running queries of the session; of the memory sink also the name of its view. */
  queryName(name: string): this {
    this.name = name;
    return this;
  }

  /** Default `append`. @throws TypeError when it is no such mode. */
  outputMode(mode: OutputMode): this {
    refuseUnlessOneOf('the output mode', OUTPUT_MODES, mode);
    this.mode = mode;
    return this;
  }

  /** An option of the sink; `checkpointLocation` is the folder a query goes on from when it is started again. */
  option(key: string, value: OptionValue): this {
    this.writeOptions.set(key, value);
    return this;
  }

  /** As `option`, for each of them. */
  options(options: Options): this {
    this.writeOptions.setAll(options);
    return this;
  }

  /** The columns that the sink's folders are made of. */
  partitionBy(...columns: readonly string[]): this {
    this.partitioningColumns = columns;
    return this;
  }

  /** The columns that the sink's files are clustered by (where the table format can); not together with `partitionBy`. */
  clusterBy(...columns: readonly string[]): this {
    this.clusteringColumns = columns;
    return this;
  }

  /** When micro-batches begin; as soon as the last has ended if never said. @throws TypeError when it is not one trigger. */
  trigger(trigger: Trigger): this {
    this.when = triggerOf(trigger);
    return this;
  }

  /**
   * Starts the query and returns when the server has accepted it; what fails later is told by `exception` and `awaitTermination`.
   * An abort or a deadline that strikes in between can leave the query running although this rejects: find it with `streams.active()`,
   * or `streams.getByName()` where it has a `queryName`.
   * @throws TypeError when there are tags, because they would become tags of the query; tags of the session are not sent.
   */
  async start(path?: string, options: StreamingCommandOptions = {}): Promise<StreamingQuery> {
    if (path !== undefined) refuseUnlessText('the path', path);
    return this.run(path === undefined ? { case: undefined } : { case: 'path', value: path }, options);
  }

  /** As `start`, into a table of the catalog, which is created when it is not there. */
  async toTable(tableName: string, options: StreamingCommandOptions = {}): Promise<StreamingQuery> {
    refuseUnlessText('the table name', tableName);
    return this.run({ case: 'tableName', value: tableName }, options);
  }

  private async run(sinkDestination: SinkInit, options: StreamingCommandOptions): Promise<StreamingQuery> {
    refuseTags(options);
    const plan = commandPlan({ case: 'writeStreamOperationStart', value: this.message(sinkDestination) });
    const started = await this.client.parts.listenerBus.starting(() => this.send(plan, options));
    return startedQuery(this.client, started);
  }

  private async send(plan: Plan, options: StreamingCommandOptions): Promise<WriteStreamOperationStartResult> {
    const [started] = await runForResponses(this.client, plan, options, 'writeStreamOperationStartResult');
    if (started === undefined) throw new ProtocolError('the server did not answer the start of a query');
    return started;
  }

  private message(sinkDestination: SinkInit): StartInit {
    return {
      input: this.input,
      outputMode: this.mode,
      options: this.writeOptions.toRecord(),
      partitioningColumnNames: [...this.partitioningColumns],
      clusteringColumnNames: [...this.clusteringColumns],
      sinkDestination,
      ...(this.source === undefined ? {} : { format: this.source }),
      ...(this.name === undefined ? {} : { queryName: this.name }),
      ...(this.when === undefined ? {} : { trigger: this.when }),
    };
  }
}

/** The query of an answer to a start. */
export function startedQuery(
  client: SparkConnectClient,
  { queryId, name }: WriteStreamOperationStartResult,
): StreamingQuery {
  if (queryId === undefined) throw new ProtocolError('the server started a query without telling its id');
  const { id, runId } = queryId;
  return new StreamingQuery(client, { id, runId, name: name === '' ? undefined : name });
}

function triggerOf(trigger: Trigger): TriggerInit {
  const kinds = Object.entries(trigger).filter(([, value]) => value !== undefined);
  const { processingTime, availableNow, once, continuous } = trigger;
  if (kinds.length === 1) {
    if (typeof processingTime === 'string') return { case: 'processingTimeInterval', value: processingTime };
    if (typeof continuous === 'string') return { case: 'continuousCheckpointInterval', value: continuous };
    // Plain JavaScript may say false, which would still be that trigger.
    if (isTrue(once)) return { case: 'once', value: true };
    if (isTrue(availableNow)) return { case: 'availableNow', value: true };
  }
  throw new TypeError(
    'a trigger is one of { processingTime: interval }, { availableNow: true }, { once: true } and { continuous: interval }, ' +
      `not ${JSON.stringify(trigger)}`,
  );
}

function isTrue(value: unknown): boolean {
  return value === true;
}
