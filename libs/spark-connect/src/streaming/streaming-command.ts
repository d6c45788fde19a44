import type { ActionOptions } from '../execute/action-options';
import type { Command } from '../generated/spark/connect/commands_pb';
import type { Plan } from '../generated/spark/connect/base_pb';

const STREAMING_COMMANDS: ReadonlySet<Command['commandType']['case']> = new Set([
  'writeStreamOperationStart',
  'streamingQueryCommand',
  'streamingQueryManagerCommand',
  'streamingQueryListenerBusCommand',
] as const);

/** Options of an action that concerns a streaming query: it cannot be tagged. */
export type StreamingCommandOptions = Omit<ActionOptions, 'tags'>;

/** @throws TypeError when there are tags, which the compiler lets pass in an object that is not a literal. */
export function refuseTags({ tags = [] }: ActionOptions): void {
  if (tags.length > 0) throw new TypeError('tags on a streaming command would tag the query itself');
}

/**
 * Is this plan about streaming queries? Such a plan must travel without tags, whatever the tags of the session are: the server makes the
 * tags of any request about a query (a mere poll, too) tags of the query, and an interrupt by that tag would then stop it
 * (`SparkConnectStreamingQueryCache.scala#getCachedQuery`).
 */
export function isStreamingCommand(plan: Plan): boolean {
  return plan.opType.case === 'command' && STREAMING_COMMANDS.has(plan.opType.value.commandType.case);
}
