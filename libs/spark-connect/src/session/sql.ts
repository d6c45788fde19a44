import { create } from '@bufbuild/protobuf';
import { DataFrame } from '../dataframe/dataframe';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import { expressionFrom, type ColumnOrLiteral } from '../functions/column';
import { functionCall } from '../functions/expressions';
import type { Expression } from '../generated/spark/connect/expressions_pb';
import { RelationCommonSchema, type Relation } from '../generated/spark/connect/relations_pb';
import { nextPlanId } from '../plan/plan-id';
import { commandPlan, relationOf, type RelationType } from '../plan/relation';
import { runForResponses } from './plan-results';
import type { SparkConnectClient } from './spark-connect-client';

/** A value of a statement: a literal, a column of literals, or a list or `Map` of them (ARRAY, MAP). */
export type SqlValue = ColumnOrLiteral | readonly SqlValue[] | ReadonlyMap<SqlValue, SqlValue>;

/**
 * Values for `?` markers (a list), or by name (a record): a value stands for the marker `:name`, a DataFrame for the table `name` (which
 * hides a table or view of that name in this statement).
 */
export type SqlArguments = Readonly<Record<string, SqlValue | DataFrame>> | readonly SqlValue[];

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
  const input = statementOf(text, args);
  const plan = commandPlan({ case: 'sqlCommand', value: { input } });
  const [answer] = await runForResponses(client, plan, options, 'sqlCommandResult');
  if (answer?.relation === undefined)
    throw new ProtocolError('a SQL command was answered without a relation');
  return withNewPlanId(answer.relation);
}

/** The answer to a statement comes without an id, or with an old one; by one of its own its columns can name it. */
export function withNewPlanId(relation: Relation): Relation {
  relation.common ??= create(RelationCommonSchema);
  relation.common.planId = nextPlanId();
  return relation;
}

function statementOf(query: string, args: SqlArguments): Relation {
  if (isPositional(args)) return sqlRelation({ query, posArguments: args.map(expressionOfValue) });
  const values: Record<string, Expression> = {};
  const references: Relation[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (value instanceof DataFrame) references.push(value.alias(name).relation);
    else values[name] = expressionOfValue(value);
  }
  const root = sqlRelation({ query, namedArguments: values });
  return references.length === 0 ? root : relationOf({ case: 'withRelations', value: { root, references } });
}

function sqlRelation(value: Extract<RelationType, { case: 'sql' }>['value']): Relation {
  return relationOf({ case: 'sql', value });
}

function expressionOfValue(value: SqlValue): Expression {
  if (isList(value)) return functionCall('array', value.map(expressionOfValue));
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<SqlValue, SqlValue>)];
    return functionCall('map', entries.flat().map(expressionOfValue));
  }
  return expressionFrom(value as ColumnOrLiteral);
}

function isList(value: SqlValue): value is readonly SqlValue[] {
  return Array.isArray(value);
}

function isPositional(args: SqlArguments): args is readonly SqlValue[] {
  return Array.isArray(args);
}
