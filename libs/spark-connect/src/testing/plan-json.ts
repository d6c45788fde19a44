import { toJson } from '@bufbuild/protobuf';
import type { DataFrame } from '../dataframe/dataframe';
import type { Column } from '../functions/column';
import { PlanSchema } from '../generated/spark/connect/base_pb';
import { ExpressionSchema } from '../generated/spark/connect/expressions_pb';
import { RelationSchema } from '../generated/spark/connect/relations_pb';
import type { ScriptedServer } from './scripted-server';

/** A relation as protobuf JSON, without the plan ids. */
export function relationJson(dataFrame: DataFrame): unknown {
  return withoutCommon(toJson(RelationSchema, dataFrame.relation));
}

export function columnJson(column: Column): unknown {
  return toJson(ExpressionSchema, column.expression);
}

/** The command of the last plan the server got. */
export function lastCommandJson(server: ScriptedServer): unknown {
  const plan = server.requests('ExecutePlan').at(-1)?.plan;
  if (plan === undefined) throw new Error('the server got no plan');
  const json = withoutCommon(toJson(PlanSchema, plan));
  return typeof json === 'object' && json !== null && 'command' in json ? json.command : json;
}

function withoutCommon(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key, value: unknown) => (key === 'common' ? undefined : value));
}
