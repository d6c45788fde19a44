import { create } from '@bufbuild/protobuf';
import type { StreamOptions } from '../channel/grpc-channel';
import type { ResponseStream } from '../channel/response-stream';
import type { ActionOptions } from '../execute/action-options';
import { chunkingOption } from '../execute/arrow-chunk-fields';
import { ReleaseUntilQueue } from '../execute/background-release';
import type { Adoption, ExecutionCalls } from '../execute/reattachable-execution';
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
export type ExecutionTarget = { readonly plan: Plan } | { readonly adopt: Adoption };

/** The options of an action whose id is settled. */
export interface IdentifiedOptions extends ActionOptions {
  readonly operationId: string;
  /** The id was not made up by the library, so that another process may know it; default false. */
  readonly isAdoptable?: boolean | undefined;
}

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
    isAnswering: () => isAnswering(client, signal),
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

/** The cheapest request, which every server answers at once. */
function isAnswering(client: SparkConnectClient, signal: AbortSignal | undefined): Promise<boolean> {
  const value = { $typeName: 'spark.connect.AnalyzePlanRequest.SparkVersion' } as const;
  const { unaryDeadlineMs, streamIdleTimeoutMs } = client.parts.settings;
  // Where calls have no limit, the silence that is asked about had one.
  const deadlineMs = Math.min(unaryDeadlineMs, streamIdleTimeoutMs);
  return client.analyze({ case: 'sparkVersion', value }, { signal, deadlineMs }).then(
    () => true,
    () => false,
  );
}

type Release = ReleaseExecuteRequest['release'];

const RELEASE_ALL: Release = {
  case: 'releaseAll',
  value: { $typeName: 'spark.connect.ReleaseExecuteRequest.ReleaseAll' },
};

function releaseCalls(
  client: SparkConnectClient,
  operationId: string,
): Pick<ExecutionCalls, 'releaseUntil' | 'releaseAll' | 'inBackground'> {
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
    inBackground: (task) => {
      client.parts.releases.add(() => task);
    },
  };
}
