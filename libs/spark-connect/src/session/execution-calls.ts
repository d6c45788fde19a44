import { create } from '@bufbuild/protobuf';
import type { ResponseStream, RpcOptions } from '../channel/grpc-channel';
import type { ActionOptions } from '../execute/action-options';
import { ReleaseUntilQueue } from '../execute/background-release';
import type { ExecutionCalls } from '../execute/reattachable-execution';
import {
  ExecutePlanRequestSchema,
  InterruptRequest_InterruptType,
  ReattachExecuteRequestSchema,
  ReleaseExecuteRequestSchema,
  SparkConnectService,
  type ExecutePlanResponse,
  type Plan,
  type ReleaseExecuteRequest,
} from '../generated/spark/connect/base_pb';
import type { SparkConnectClient } from './spark-connect-client';

/** What is executed: a plan of ours, or an execution of an earlier process to adopt. */
export type ExecutionTarget =
  { readonly plan: Plan } | { readonly adopt: { readonly lastResponseId?: string | undefined } };

/** The options of an action whose id is settled. */
export type IdentifiedOptions = ActionOptions & { readonly operationId: string };

/** The calls of one reattachable execution, all in the name of its operation id. */
export function executionCalls(
  client: SparkConnectClient,
  target: ExecutionTarget,
  options: IdentifiedOptions,
): ExecutionCalls {
  const { operationId } = options;
  return {
    execute: () => {
      if ('adopt' in target) throw new TypeError('an adopted execution has no plan to send');
      return sendPlan(client, target.plan, options, { reattachable: true });
    },
    reattach: (lastResponseId) => sendReattach(client, operationId, lastResponseId),
    interrupt: () =>
      client.interrupt(InterruptRequest_InterruptType.OPERATION_ID, {
        case: 'operationId',
        value: operationId,
      }),
    ...releaseCalls(client, operationId),
  };
}

/** Sends a plan; the rest of its story is in the stream. */
export function sendPlan(
  client: SparkConnectClient,
  plan: Plan,
  options: IdentifiedOptions,
  how: { readonly reattachable: boolean; readonly deadlineAt?: number },
): ResponseStream<ExecutePlanResponse> {
  const request = create(ExecutePlanRequestSchema, {
    ...client.parts.identity.stamp(),
    operationId: options.operationId,
    tags: [...(options.tags ?? [])],
    plan,
    requestOptions: [
      { requestOption: { case: 'reattachOptions', value: { reattachable: how.reattachable } } },
    ],
  });
  const rpc: RpcOptions = { headers: client.headers, deadlineAt: how.deadlineAt };
  return client.parts.channel.serverStream(SparkConnectService.method.executePlan, request, rpc);
}

function sendReattach(
  client: SparkConnectClient,
  operationId: string,
  lastResponseId: string | undefined,
): ResponseStream<ExecutePlanResponse> {
  const known = lastResponseId === undefined ? {} : { lastResponseId };
  const request = create(ReattachExecuteRequestSchema, {
    ...client.parts.identity.stamp(),
    operationId,
    ...known,
  });
  const rpc: RpcOptions = { headers: client.headers };
  return client.parts.channel.serverStream(SparkConnectService.method.reattachExecute, request, rpc);
}

type Release = ReleaseExecuteRequest['release'];

const RELEASE_ALL: Release = {
  case: 'releaseAll',
  value: { $typeName: 'spark.connect.ReleaseExecuteRequest.ReleaseAll' },
};

function releaseCalls(
  client: SparkConnectClient,
  operationId: string,
): Pick<ExecutionCalls, 'releaseUntil' | 'releaseAll'> {
  const send = (release: Release): Promise<unknown> => {
    const request = () =>
      create(ReleaseExecuteRequestSchema, { ...client.parts.identity.stamp(), operationId, release });
    const { signal } = client.parts.releases;
    return client.call(SparkConnectService.method.releaseExecute, request, { signal }, operationId);
  };
  const until = new ReleaseUntilQueue((responseId) =>
    send({
      case: 'releaseUntil',
      value: { $typeName: 'spark.connect.ReleaseExecuteRequest.ReleaseUntil', responseId },
    }),
  );
  return {
    releaseUntil: (responseId) => {
      until.push(responseId);
    },
    releaseAll: () => {
      until.close();
      client.parts.releases.add(() => send(RELEASE_ALL));
    },
  };
}
