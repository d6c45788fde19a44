import type { Command } from '../generated/spark/connect/commands_pb';
import type { Plan } from '../generated/spark/connect/base_pb';

const STREAMING_COMMANDS: ReadonlySet<Command['commandType']['case']> = new Set([
  'writeStreamOperationStart',
  'streamingQueryCommand',
  'streamingQueryManagerCommand',
  'streamingQueryListenerBusCommand',
] as const);

/**
 * Is this plan about streaming queries? Such a plan must travel without tags, whatever the tags of the session are: the server makes the
 * tags of any request about a query (a mere poll, too) tags of the query, and an interrupt by that tag would then stop it
 * (`SparkConnectStreamingQueryCache.scala#getCachedQuery`).
 */
export function isStreamingCommand(plan: Plan): boolean {
  return plan.opType.case === 'command' && STREAMING_COMMANDS.has(plan.opType.value.commandType.case);
}
