import type { status } from '@grpc/grpc-js';
import type { StreamingQueryEventType } from '../generated/spark/connect/commands_pb';
import type { ScriptedServer, ScriptedStream, StreamScript } from './scripted-server';

/** Answers a removal where no stream of events is open. */
export const nothingToRemove: StreamScript = (stream) => {
  stream.complete('removed');
};

/** The server's end of one stream of listener events. */
export class ScriptedListenerBus {
  private stream: ScriptedStream | undefined;
  private sent = 0;

  /** Answers an ADD as Spark does. */
  readonly open: StreamScript = (stream) => {
    this.stream = stream;
    stream.send('added', {
      responseType: { case: 'streamingQueryListenerEventsResult', value: { listenerBusListenerAdded: true } },
    });
  };

  /** Answers a REMOVE as Spark does: the stream of the ADD is completed, too. */
  readonly remove: StreamScript = (stream) => {
    this.stream?.complete('last');
    stream.complete('removed');
  };

  /** Takes over where another stream broke. */
  readonly resume: StreamScript = (stream) => {
    this.stream = stream;
  };

  /** Sends events in one response, `event-1`, `event-2`, ...; a text is sent as it is. */
  send(eventType: StreamingQueryEventType, ...events: readonly (object | string)[]): void {
    const value = {
      events: events.map((event) => ({
        eventType,
        eventJson: typeof event === 'string' ? event : JSON.stringify(event),
      })),
    };
    this.sent += 1;
    this.stream?.send(`event-${String(this.sent)}`, {
      responseType: { case: 'streamingQueryListenerEventsResult', value },
    });
  }

  /** Breaks the stream. */
  fail(code: status, message: string): void {
    this.stream?.fail({ code, message });
  }

  /** Ends the stream regularly. */
  complete(): void {
    this.stream?.complete('last');
  }
}

/** Events as the server words them. */
export const scriptedEvents = {
  idle: (runId: string) => ({ id: 'i', runId, timestamp: 't' }),
  progress: (runId: string, batchId: number) => ({
    progress: { id: 'i', runId, timestamp: 't', batchId, numInputRows: 3 },
  }),
  terminated: (runId: string) => ({ id: 'i', runId, exception: 'a.B: no', errorClassOnException: 'NO' }),
};

/** The commands the server got, in order; those about the bus by what they ask of it. */
export function commandsOf(server: ScriptedServer): (string | undefined)[] {
  return server.requests('ExecutePlan').map(({ plan }) => {
    const command = plan?.opType.case === 'command' ? plan.opType.value.commandType : undefined;
    return command?.case === 'streamingQueryListenerBusCommand' ? command.value.command.case : command?.case;
  });
}
