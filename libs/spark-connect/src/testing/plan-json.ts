import { toJson } from '@bufbuild/protobuf';
import type { DataFrame } from '../dataframe/dataframe';
import type { Column } from '../functions/column';
import { PlanSchema } from '../generated/spark/connect/base_pb';
import { ExpressionSchema } from '../generated/spark/connect/expressions_pb';
import { RelationSchema } from '../generated/spark/connect/relations_pb';
import type { ScriptedServer } from './scripted-server';

/** A relation as protobuf JSON, without the plan ids and without saying that a call is an ordinary one. */
export function relationJson(dataFrame: DataFrame): unknown {
  return withoutNoise(toJson(RelationSchema, dataFrame.relation));
}

/** An expression as protobuf JSON, without saying that a call is an ordinary one. */
export function columnJson(column: Column): unknown {
  return withoutNoise(toJson(ExpressionSchema, column.expression));
}

/** The command of the last plan the server got. */
export function lastCommandJson(server: ScriptedServer): unknown {
  const plan = server.requests('ExecutePlan').at(-1)?.plan;
  if (plan === undefined) throw new Error('the server got no plan');
  const json = withoutNoise(toJson(PlanSchema, plan));
  return typeof json === 'object' && json !== null && 'command' in json ? json.command : json;
}

function withoutNoise(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key, value: unknown) =>
    key === 'common' || (key === 'isInternal' && value === false) ? undefined : value,
  );
}
