import { ProtocolError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';
import type {
  StreamingQueryManagerCommandResult,
  StreamingQueryManagerCommandResult_StreamingQueryInstance,
} from '../generated/spark/connect/commands_pb';
import { valueIf, type CaseOf, type ValueOf } from '../plan/one-of';
import { commandPlan, type CommandType } from '../plan/relation';
import { executePlain } from '../session/plan-execution';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { StreamingQuery } from './streaming-query';
import type { StreamingQueryListener } from './streaming-query-listener';
import { pollUntilEnded, type AwaitTerminationOptions } from './waiting';

type CommandInit = NonNullable<
  Extract<CommandType, { case: 'streamingQueryManagerCommand' }>['value']['command']
>;
type ResultType = StreamingQueryManagerCommandResult['resultType'];

/** How long the server holds a question for the end of any query: the shortest it takes, because each holds an execution. */
const SERVER_WAIT_MS = 1n;

/** The streaming queries of this session (those of other sessions cannot be seen). Mirrors `org.apache.spark.sql.streaming.StreamingQueryManager`. */
export class StreamingQueryManager {
  constructor(private readonly client: SparkConnectClient) {}

  /** The queries that run now. */
  async active(options: CallOptions = {}): Promise<StreamingQuery[]> {
    const { activeQueries } = await this.ask({ case: 'active', value: true }, 'active', options);
    return activeQueries.map((instance) => this.queryOf(instance));
  }

  /** The running query of that id; undefined when this session has none. */
  async get(id: string, options: CallOptions = {}): Promise<StreamingQuery | undefined> {
    const found = await this.askOptional({ case: 'getQuery', value: id }, 'query', options);
    return found === undefined ? undefined : this.queryOf(found);
  }

  /** The running query of that name (names are unique among those that run); undefined when this session has none. */
  async getByName(name: string, options: CallOptions = {}): Promise<StreamingQuery | undefined> {
    return (await this.active(options)).find((query) => query.name === name);
  }

  /** A handle on a known run, also one that has ended (the server remembers it for an hour). Sends nothing. */
  attach(id: string, runId: string, name?: string): StreamingQuery {
    return new StreamingQuery(this.client, { id, runId, name });
  }

  /**
   * Asks until any query of the session has ended since the session began or `resetTerminated` was called: true then, false after
   * `timeoutMs`. Asked from this side in short questions, as the server would hold an execution for as long as it waits.
   * A server that cannot be reached is asked again for as long as the retry policy goes on (by default ten minutes).
   * @throws StreamingQueryError when the query that ended last had failed.
   */
  awaitAnyTermination(options: AwaitTerminationOptions = {}): Promise<boolean> {
    const question: CommandInit = { case: 'awaitAnyTermination', value: { timeoutMs: SERVER_WAIT_MS } };
    return pollUntilEnded(this.client, options, async (call) => {
      const { terminated } = await this.ask(question, 'awaitAnyTermination', call);
      return terminated;
    });
  }

  /** Forgets the queries that have ended, so that `awaitAnyTermination` waits for the next. */
  async resetTerminated(options: CallOptions = {}): Promise<void> {
    await this.ask({ case: 'resetTerminated', value: true }, 'resetTerminated', options);
  }

  /**
   * Calls the listener for the events of every query of this session, from now on, until it is removed or the session is closed; resolves
   * when the server has confirmed. All listeners of a session share one stream of events, and the server keeps one for each session:
   * where two processes listen in the same session the later takes it, and the listeners of the earlier get an `onError` with `bus`.
   */
  addListener(listener: StreamingQueryListener, options: CallOptions = {}): Promise<void> {
    return this.client.parts.listenerBus.add(this.client, listener, options);
  }

  /** Stops calling the listener at once; resolves when the server knows, if it was the last. One that was never added is ignored. */
  removeListener(listener: StreamingQueryListener, options: CallOptions = {}): Promise<void> {
    return this.client.parts.listenerBus.remove(listener, options);
  }

  /** The listeners of this session in this process, in the order they were added. */
  listListeners(): readonly StreamingQueryListener[] {
    return this.client.parts.listenerBus.registered;
  }

  private queryOf(instance: StreamingQueryManagerCommandResult_StreamingQueryInstance): StreamingQuery {
    const { id, name } = instance;
    if (id === undefined) throw new ProtocolError('the server named a query without its id');
    return new StreamingQuery(this.client, { id: id.id, runId: id.runId, name });
  }

  private async ask<Case extends CaseOf<ResultType>>(
    command: CommandInit,
    wanted: Case,
    options: CallOptions,
  ): Promise<ValueOf<ResultType, Case>> {
    const value = await this.askOptional(command, wanted, options);
    if (value === undefined)
      throw new ProtocolError(`a command about streaming queries was not answered with ${wanted}`);
    return value;
  }

  private async askOptional<Case extends CaseOf<ResultType>>(
    command: CommandInit,
    wanted: Case,
    options: CallOptions,
  ): Promise<ValueOf<ResultType, Case> | undefined> {
    const plan = commandPlan({ case: 'streamingQueryManagerCommand', value: { command } });
    for (const { responseType } of await executePlain(this.client, plan, options)) {
      const result = valueIf(responseType, 'streamingQueryManagerCommandResult');
      if (result !== undefined) return valueIf(result.resultType, wanted);
    }
    throw new ProtocolError('the server did not answer a command about streaming queries');
  }
}
