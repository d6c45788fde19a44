import type { CallOptions } from '../execute/action-options';
import type { StreamingQueryManagerCommandResult } from '../generated/spark/connect/commands_pb';
import type { StreamingQueryManagerCommandResult_StreamingQueryInstance } from '../generated/spark/connect/commands_pb';
import { ProtocolError } from '../errors/spark-connect-error';
import { commandPlan, type CommandType } from '../plan/relation';
import { executePlain } from '../session/plan-execution';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { StreamingQuery } from './streaming-query';

type CommandInit = NonNullable<
  Extract<CommandType, { case: 'streamingQueryManagerCommand' }>['value']['command']
>;

/** The streaming queries of this session (those of other sessions cannot be seen). */
export class StreamingQueryManager {
  constructor(private readonly client: SparkConnectClient) {}

  /** The queries that run now. */
  async active(options: CallOptions = {}): Promise<StreamingQuery[]> {
    const { resultType } = await this.ask({ case: 'active', value: true }, options);
    if (resultType.case !== 'active')
      throw new ProtocolError('asked for the active queries, got something else');
    return resultType.value.activeQueries.map((instance) => this.queryOf(instance));
  }

  /** The running query of that id; undefined when this session has none. */
  async get(id: string, options: CallOptions = {}): Promise<StreamingQuery | undefined> {
    const { resultType } = await this.ask({ case: 'getQuery', value: id }, options);
    return resultType.case === 'query' ? this.queryOf(resultType.value) : undefined;
  }

  /** A handle on a known run, also one that has ended (the server remembers it for an hour). Sends nothing. */
  attach(id: string, runId: string, name?: string): StreamingQuery {
    return new StreamingQuery(this.client, { id, runId, name });
  }

  private queryOf(instance: StreamingQueryManagerCommandResult_StreamingQueryInstance): StreamingQuery {
    const { id, runId } = instance.id ?? { id: '', runId: '' };
    return new StreamingQuery(this.client, { id, runId, name: instance.name });
  }

  private async ask(command: CommandInit, options: CallOptions): Promise<StreamingQueryManagerCommandResult> {
    const plan = commandPlan({ case: 'streamingQueryManagerCommand', value: { command } });
    for (const { responseType } of await executePlain(this.client, plan, options)) {
      if (responseType.case === 'streamingQueryManagerCommandResult') return responseType.value;
    }
    throw new ProtocolError('the server did not answer a command about streaming queries');
  }
}
