import { randomUUID } from 'node:crypto';
import { DeadlineExceededError, ProtocolError } from '../errors/spark-connect-error';
import { commandPlan } from '../plan/relation';
import type { StreamingQueryListenerEvent } from '../generated/spark/connect/commands_pb';
import { executePlain, executeReattachable } from '../session/plan-execution';
import type { CallOptions } from '../execute/action-options';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { fulfilsWithin, throwIfAborted } from './waiting';

const ADD_BUS = { case: 'addListenerBusListener', value: true } as const;
const REMOVE_BUS = { case: 'removeListenerBusListener', value: true } as const;
const END_DEADLINE_MS = 5_000;

/**
 * The one execution of a session over which the server sends listener events.
 * A server that thinks it still has one ignores another (it neither answers nor ends it), so an old one is removed first; another client
 * of the same session loses its own by that.
 */
export class ListenerStream {
  private readonly stopped = new AbortController();
  private isEnding = false;
  /** Why the events ended; undefined when this side wanted it. Never rejects. */
  readonly ended: Promise<unknown>;
  private readonly added: Promise<void>;
  private confirm: () => void = () => undefined;

  private constructor(
    private readonly client: SparkConnectClient,
    private readonly onEvent: (event: StreamingQueryListenerEvent) => void,
  ) {
    this.added = new Promise((resolve) => {
      this.confirm = resolve;
    });
    this.ended = this.read();
  }

  /** @throws DeadlineExceededError when the server does not confirm in time. */
  static async open(
    client: SparkConnectClient,
    onEvent: (event: StreamingQueryListenerEvent) => void,
    options: CallOptions,
  ): Promise<ListenerStream> {
    await removeBus(client, options);
    const stream = new ListenerStream(client, onEvent);
    try {
      await stream.confirmed(options);
    } catch (error) {
      stream.abandon();
      throw error;
    }
    return stream;
  }

  /** Ends the stream on both sides; on this side also when the server does not answer. */
  async end(options: CallOptions): Promise<void> {
    this.isEnding = true;
    const deadlineMs = options.deadlineMs ?? END_DEADLINE_MS;
    try {
      await removeBus(this.client, { ...options, deadlineMs });
      await fulfilsWithin(this.ended, deadlineMs, options.signal);
    } finally {
      this.abandon();
    }
  }

  private abandon(): void {
    this.isEnding = true;
    this.stopped.abort();
  }

  private async confirmed(options: CallOptions): Promise<void> {
    const deadlineMs = options.deadlineMs ?? this.client.parts.settings.unaryDeadlineMs;
    const endedFirst = this.ended.then((reason) => {
      throw reason;
    });
    endedFirst.catch(() => undefined);
    const isConfirmed = await fulfilsWithin(
      Promise.race([this.added, endedFirst]),
      deadlineMs,
      options.signal,
    );
    if (isConfirmed) return;
    throwIfAborted(options.signal);
    const { sessionId } = this.client.parts.identity;
    const message = `the server did not confirm the listener within ${String(deadlineMs)} ms`;
    throw new DeadlineExceededError(message, { sessionId });
  }

  private async read(): Promise<unknown> {
    const reason = await this.readAll().then(
      () => this.whyEnded(),
      (error: unknown) => error,
    );
    return this.isEnding ? undefined : reason;
  }

  /** Spark ends the stream of a session that expires with an error or without one, as it happens: the session itself knows. */
  private async whyEnded(): Promise<unknown> {
    if (this.isEnding) return undefined;
    try {
      const value = { $typeName: 'spark.connect.AnalyzePlanRequest.SparkVersion' } as const;
      await this.client.analyze({ case: 'sparkVersion', value }, { signal: this.stopped.signal });
    } catch (error) {
      return error;
    }
    return new ProtocolError(
      'the server ended the stream of listener events: another client of this session listens now',
      { sessionId: this.client.parts.identity.sessionId },
    );
  }

  private async readAll(): Promise<void> {
    const plan = commandPlan({ case: 'streamingQueryListenerBusCommand', value: { command: ADD_BUS } });
    const options = { operationId: randomUUID(), signal: this.stopped.signal };
    for await (const { responseType } of executeReattachable(this.client, { plan }, options)) {
      if (responseType.case !== 'streamingQueryListenerEventsResult') continue;
      if (responseType.value.listenerBusListenerAdded === true) this.confirm();
      for (const event of responseType.value.events) this.onEvent(event);
    }
  }
}

async function removeBus(client: SparkConnectClient, options: CallOptions): Promise<void> {
  const value = { command: REMOVE_BUS };
  await executePlain(client, commandPlan({ case: 'streamingQueryListenerBusCommand', value }), options);
}
