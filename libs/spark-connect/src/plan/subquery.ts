import { create } from '@bufbuild/protobuf';
import {
  ExpressionSchema,
  SubqueryExpressionSchema,
  SubqueryExpression_SubqueryType as SubqueryTypeMessage,
  type Expression,
} from '../generated/spark/connect/expressions_pb';
import { RelationSchema, type Relation } from '../generated/spark/connect/relations_pb';
import { nextPlanId } from './plan-id';
import { relationOf } from './relation';

const SUBQUERY_TYPES = {
  scalar: SubqueryTypeMessage.SCALAR,
  exists: SubqueryTypeMessage.EXISTS,
} as const;

// The protocol names a subquery by a plan id inside the expression and wants the plan itself beside the relation that uses it. An
// expression is handed around as a message, so its plan is remembered by that message, for as long as somebody holds it.
const plansOfSubqueries = new WeakMap<object, Relation>();

/** A plan as an expression: its one value, or whether it has rows. */
export function subqueryOf(plan: Relation, type: keyof typeof SUBQUERY_TYPES): Expression {
  const planId = plan.common?.planId ?? nextPlanId();
  const value = create(SubqueryExpressionSchema, { planId, subqueryType: SUBQUERY_TYPES[type] });
  plansOfSubqueries.set(value, withPlanId(plan, planId));
  return create(ExpressionSchema, { exprType: { case: 'subqueryExpression', value } });
}

/**
 * The relation with the plans of the subqueries in its expressions: `with_relations` where there are any, as PySpark's
 * `LogicalPlan._with_relations` sends it.
 */
export function withSubqueries(root: Relation): Relation {
  const references = new Set<Relation>();
  collect(root.relType.value, references);
  if (references.size === 0) return root;
  return relationOf({ case: 'withRelations', value: { root, references: [...references] } });
}

function collect(value: unknown, into: Set<Relation>): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if ('$typeName' in value) {
    // The inputs brought the plans of their own subqueries when they were made.
    if (value.$typeName === RelationSchema.typeName) return;
    if (value.$typeName === SubqueryExpressionSchema.typeName) into.add(planOfSubquery(value));
  }
  for (const part of Object.values(value)) collect(part, into);
}

function planOfSubquery(subquery: object): Relation {
  const plan = plansOfSubqueries.get(subquery);
  if (plan === undefined) throw new TypeError('a subquery is made by `scalar` or `exists` of a DataFrame');
  return plan;
}

function withPlanId(plan: Relation, planId: bigint): Relation {
  return plan.common?.planId === planId
    ? plan
    : create(RelationSchema, { relType: plan.relType, common: { planId } });
}
