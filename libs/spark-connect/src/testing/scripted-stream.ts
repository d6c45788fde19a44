import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ServerWritableStream } from '@grpc/grpc-js';
import {
  ExecutePlanResponseSchema,
  type ExecutePlanRequest,
  type ExecutePlanResponse,
  type ReattachExecuteRequest,
} from '../generated/spark/connect/base_pb';
import { serviceErrorOf, type ScriptedFailure } from './scripted-failure';

/** How one response stream goes; the next ExecutePlan or ReattachExecute takes the next script. */
export type StreamScript = (stream: ScriptedStream) => void | Promise<void>;

/** One response stream as a script sees it. */
export class ScriptedStream {
  constructor(
    readonly request: ExecutePlanRequest | ReattachExecuteRequest,
    private readonly call: ServerWritableStream<object, object>,
    private readonly serverSideSessionId: string,
  ) {}

  send(responseId: string, response: MessageInitShape<typeof ExecutePlanResponseSchema> = {}): void {
    this.write(this.response(responseId, response));
  }

  /** A response of the execution that is asked for, to be changed before it is written. */
  response(
    responseId: string,
    response: MessageInitShape<typeof ExecutePlanResponseSchema> = {},
  ): ExecutePlanResponse {
    const { sessionId, operationId = '' } = this.request;
    const { serverSideSessionId } = this;
    const identity = { sessionId, operationId, responseId, serverSideSessionId };
    return create(ExecutePlanResponseSchema, { ...identity, ...response });
  }

  write(response: ExecutePlanResponse): void {
    this.call.write(response);
  }

  complete(responseId: string): void {
    this.send(responseId, { responseType: { case: 'resultComplete', value: {} } });
    this.call.end();
  }

  end(): void {
    this.call.end();
  }

  fail(failure: ScriptedFailure): void {
    this.call.emit('error', serviceErrorOf(failure));
  }

  /** Resolves when the client has hung up. */
  canceled(): Promise<void> {
    return new Promise((resolve) =>
      this.call.once('cancelled', () => {
        resolve();
      }),
    );
  }
}
