import type { Relation } from '../generated/spark/connect/relations_pb';
import { optionText, type OptionValue } from '../dataframe/option-value';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import { commandPlan, type CommandType } from '../plan/relation';
import { runForResponses } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { StreamingQuery } from './streaming-query';

/** When a micro-batch begins. Without a trigger the next one begins as soon as the last has ended. */
export type Trigger =
  | { readonly processingTime: string }
  | { readonly availableNow: true }
  | { readonly once: true }
  | { readonly continuous: string };

export type OutputMode = 'append' | 'update' | 'complete';

type StartInit = Extract<CommandType, { case: 'writeStreamOperationStart' }>['value'];
type TriggerInit = NonNullable<StartInit['trigger']>;
type SinkInit = NonNullable<StartInit['sinkDestination']>;

/** Starts a streaming query; the setters change this writer and return it, as in PySpark. */
export class DataStreamWriter {
  private source: string | undefined;
  private name: string | undefined;
  private mode: OutputMode = 'append';
  private when: Trigger | undefined;
  private partitioningColumns: readonly string[] = [];
  private readonly writeOptions: Record<string, string> = {};

  constructor(
    private readonly client: SparkConnectClient,
    private readonly input: Relation,
  ) {}

  format(source: string): this {
    this.source = source;
    return this;
  }

  /** Unique among the running queries of the session. */
  queryName(name: string): this {
    this.name = name;
    return this;
  }

  outputMode(mode: OutputMode): this {
    this.mode = mode;
    return this;
  }

  option(key: string, value: OptionValue): this {
    this.writeOptions[key] = optionText(value);
    return this;
  }

  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [key, value] of Object.entries(options)) this.option(key, value);
    return this;
  }

  partitionBy(...columns: readonly string[]): this {
    this.partitioningColumns = columns;
    return this;
  }

  trigger(trigger: Trigger): this {
    this.when = trigger;
    return this;
  }

  /** Starts the query and returns when the server has accepted it. Tags are refused: they would become tags of the query. */
  async start(path?: string, options: ActionOptions = {}): Promise<StreamingQuery> {
    return this.run(path === undefined ? { case: undefined } : { case: 'path', value: path }, options);
  }

  async toTable(tableName: string, options: ActionOptions = {}): Promise<StreamingQuery> {
    return this.run({ case: 'tableName', value: tableName }, options);
  }

  private async run(sinkDestination: SinkInit, options: ActionOptions): Promise<StreamingQuery> {
    if ((options.tags ?? []).length > 0)
      throw new TypeError('tags on a streaming command would tag the query itself');
    const plan = commandPlan({ case: 'writeStreamOperationStart', value: this.message(sinkDestination) });
    const [started] = await runForResponses(this.client, plan, options, 'writeStreamOperationStartResult');
    if (started?.queryId === undefined)
      throw new ProtocolError('the server started a query without telling its id');
    const name = started.name === '' ? undefined : started.name;
    return new StreamingQuery(this.client, { id: started.queryId.id, runId: started.queryId.runId, name });
  }

  private message(sinkDestination: SinkInit): StartInit {
    return {
      input: this.input,
      outputMode: this.mode,
      options: { ...this.writeOptions },
      partitioningColumnNames: [...this.partitioningColumns],
      sinkDestination,
      ...(this.source === undefined ? {} : { format: this.source }),
      ...(this.name === undefined ? {} : { queryName: this.name }),
      ...(this.when === undefined ? {} : { trigger: triggerOf(this.when) }),
    };
  }
}

function triggerOf(trigger: Trigger): TriggerInit {
  if ('processingTime' in trigger) return { case: 'processingTimeInterval', value: trigger.processingTime };
  if ('continuous' in trigger) return { case: 'continuousCheckpointInterval', value: trigger.continuous };
  return 'once' in trigger ? { case: 'once', value: true } : { case: 'availableNow', value: true };
}
