import { create } from '@bufbuild/protobuf';
import type { StreamOptions } from '../channel/grpc-channel';
import type { ResponseStream } from '../channel/response-stream';
import type { ActionOptions } from '../execute/action-options';
import { chunkingOption } from '../execute/arrow-chunk-fields';
import { ReleaseUntilQueue } from '../execute/background-release';
import type { ExecutionCalls } from '../execute/reattachable-execution';
import {
  ExecutePlanRequestSchema,
  InterruptRequest_InterruptType,
  ReattachExecuteRequestSchema,
  ReleaseExecuteRequestSchema,
  SparkConnectService,
  type ExecutePlanRequest_RequestOption,
  type ExecutePlanResponse,
  type Plan,
  type ReleaseExecuteRequest,
} from '../generated/spark/connect/base_pb';
import { isStreamingCommand } from '../streaming/streaming-command';
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
  const { operationId, signal } = options;
  const stream = { signal, idleTimeoutMs: client.parts.settings.streamIdleTimeoutMs };
  return {
    execute: () => {
      if ('adopt' in target) throw new TypeError('an adopted execution has no plan to send');
      return sendPlan(client, target.plan, options, { reattachable: true, ...stream });
    },
    reattach: (lastResponseId) => sendReattach(client, operationId, lastResponseId, stream),
    interrupt: (deadlineMs) =>
      client.interrupt(
        InterruptRequest_InterruptType.OPERATION_ID,
        { case: 'operationId', value: operationId },
        { deadlineMs },
      ),
    ...releaseCalls(client, operationId),
  };
}

/** Sends a plan; the rest of its story is in the stream. */
export function sendPlan(
  client: SparkConnectClient,
  plan: Plan,
  options: IdentifiedOptions,
  how: { readonly reattachable: boolean } & Omit<StreamOptions, 'headers'>,
): ResponseStream<ExecutePlanResponse> {
  const request = create(ExecutePlanRequestSchema, {
    ...client.parts.identity.stamp(),
    operationId: options.operationId,
    tags: isStreamingCommand(plan) ? [] : [...(options.tags ?? [])],
    plan,
    requestOptions: [
      { requestOption: { case: 'reattachOptions', value: { reattachable: how.reattachable } } },
      ...chunkingOptions(client),
    ],
  });
  const rpc: StreamOptions = { ...how, headers: client.headers };
  return client.parts.channel.serverStream(SparkConnectService.method.executePlan, request, rpc);
}

/** Asked for only where the server can: an older one would pass the option by, but why send it with every plan. */
function chunkingOptions(client: SparkConnectClient): ExecutePlanRequest_RequestOption[] {
  const { preparation, settings } = client.parts;
  if (!settings.allowArrowChunks || !preparation.isAtLeast(4, 1)) return [];
  return [chunkingOption(settings.preferredArrowChunkBytes)];
}

function sendReattach(
  client: SparkConnectClient,
  operationId: string,
  lastResponseId: string | undefined,
  how: Omit<StreamOptions, 'headers'>,
): ResponseStream<ExecutePlanResponse> {
  const known = lastResponseId === undefined ? {} : { lastResponseId };
  const request = create(ReattachExecuteRequestSchema, {
    ...client.parts.identity.stamp(),
    operationId,
    ...known,
  });
  const rpc: StreamOptions = { ...how, headers: client.headers };
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
