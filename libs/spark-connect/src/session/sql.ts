import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import { expressionFrom, type ColumnOrLiteral } from '../functions/column';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { commandPlan, relationOf } from '../plan/relation';
import { runForResponses } from './plan-results';
import type { SparkConnectClient } from './spark-connect-client';

/** Values for `:name` markers (a record) or `?` markers (a list). */
export type SqlArguments = Readonly<Record<string, ColumnOrLiteral>> | readonly ColumnOrLiteral[];

/**
 * Sends a statement as a command, so that the server runs it exactly once: as the root of a plan it would run again with every action.
 * Returns the relation of the answer.
 */
export async function runSql(
  client: SparkConnectClient,
  text: string,
  args: SqlArguments,
  options: ActionOptions,
): Promise<Relation> {
  const input = relationOf({ case: 'sql', value: { query: text, ...argumentsOf(args) } });
  const plan = commandPlan({ case: 'sqlCommand', value: { input } });
  const [answer] = await runForResponses(client, plan, options, 'sqlCommandResult');
  if (answer?.relation === undefined)
    throw new ProtocolError('a SQL command was answered without a relation');
  return answer.relation;
}

function argumentsOf(args: SqlArguments) {
  if (isPositional(args)) return { posArguments: args.map(expressionFrom) };
  const named = Object.entries(args).map(([name, value]) => [name, expressionFrom(value)] as const);
  return { namedArguments: Object.fromEntries(named) };
}

function isPositional(args: SqlArguments): args is readonly ColumnOrLiteral[] {
  return Array.isArray(args);
}
