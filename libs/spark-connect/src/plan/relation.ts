import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PlanSchema, type Plan } from '../generated/spark/connect/base_pb';
import type { CommandSchema } from '../generated/spark/connect/commands_pb';
import { RelationSchema, type Relation } from '../generated/spark/connect/relations_pb';
import { nextPlanId } from './plan-id';

export type RelationType = NonNullable<MessageInitShape<typeof RelationSchema>['relType']>;
export type CommandType = NonNullable<MessageInitShape<typeof CommandSchema>['commandType']>;

/** A relation with a plan id of its own. */
export function relationOf(relType: RelationType): Relation {
  return create(RelationSchema, { common: { planId: nextPlanId() }, relType });
}

/** The plan that computes a relation. */
export function planOf(relation: Relation): Plan {
  return create(PlanSchema, { opType: { case: 'root', value: relation } });
}

/** The plan that runs a command. */
export function commandPlan(commandType: CommandType): Plan {
  return create(PlanSchema, { opType: { case: 'command', value: { commandType } } });
}
