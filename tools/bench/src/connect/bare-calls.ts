import { randomUUID } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import type { DataFrame, SparkSession } from 'spark-connect-js';
import { parseConnectionString } from 'spark-connect-js';
import {
  ExecutePlanRequestSchema,
  ExecutePlanResponseSchema,
  PlanSchema,
  ReleaseExecuteRequestSchema,
  ReleaseExecuteRequest_ReleaseAllSchema,
  UserContextSchema,
  type ExecutePlanResponse,
  type Plan,
} from 'spark-connect-js/protocol';

const SERVICE = '/spark.connect.SparkConnectService';

/** The same plan over gRPC and the generated messages alone: no layer of the library, no decoding of rows. */
export class BareCalls {
  private readonly client: Client;

  constructor(
    remote: string,
    private readonly session: SparkSession,
  ) {
    const { host, port, maxMessageBytes } = parseConnectionString(remote);
    this.client = new Client(`${host}:${port}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxMessageBytes,
    });
  }

  /** One plan, executed as the library executes it; the release of what is read is sent and not waited for. */
  async reattachable(dataFrame: DataFrame): Promise<void> {
    const operationId = randomUUID();
    const responses = await this.execute(operationId, planOf(dataFrame), true);
    if (responses.at(-1)?.responseType.case !== 'resultComplete')
      throw new Error('the result is not complete');
    this.release(operationId);
  }

  /** The cheaper kind of execution: whose result is lost with the connection. */
  async plain(dataFrame: DataFrame): Promise<void> {
    await this.execute(randomUUID(), planOf(dataFrame), false);
  }

  close(): void {
    this.client.close();
  }

  private execute(operationId: string, plan: Plan, reattachable: boolean): Promise<ExecutePlanResponse[]> {
    const request = create(ExecutePlanRequestSchema, {
      ...this.identity(),
      operationId,
      plan,
      requestOptions: [{ requestOption: { case: 'reattachOptions', value: { reattachable } } }],
    });
    const call = this.client.makeServerStreamRequest(
      `${SERVICE}/ExecutePlan`,
      (message: typeof request) => Buffer.from(toBinary(ExecutePlanRequestSchema, message)),
      (bytes: Buffer) => fromBinary(ExecutePlanResponseSchema, bytes),
      request,
      new Metadata(),
    );
    return new Promise((resolve, reject) => {
      const responses: ExecutePlanResponse[] = [];
      call.on('data', (response: ExecutePlanResponse) => responses.push(response));
      call.once('error', reject);
      call.once('end', () => {
        resolve(responses);
      });
    });
  }

  private release(operationId: string): void {
    const request = create(ReleaseExecuteRequestSchema, {
      ...this.identity(),
      operationId,
      release: { case: 'releaseAll', value: create(ReleaseExecuteRequest_ReleaseAllSchema) },
    });
    this.client.makeUnaryRequest(
      `${SERVICE}/ReleaseExecute`,
      (message: typeof request) => Buffer.from(toBinary(ReleaseExecuteRequestSchema, message)),
      (bytes: Buffer) => bytes,
      request,
      () => undefined,
    );
  }

  private identity() {
    const { sessionId, userId, serverSideSessionId } = this.session;
    return {
      sessionId,
      userContext: create(UserContextSchema, { userId, userName: userId }),
      clientType: 'bench',
      ...(serverSideSessionId === undefined
        ? {}
        : { clientObservedServerSideSessionId: serverSideSessionId }),
    };
  }
}

function planOf(dataFrame: DataFrame): Plan {
  return create(PlanSchema, { opType: { case: 'root', value: dataFrame.relation } });
}
