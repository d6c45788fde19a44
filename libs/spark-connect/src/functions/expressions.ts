import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ExpressionSchema, type Expression } from '../generated/spark/connect/expressions_pb';

export type ExpressionType = NonNullable<MessageInitShape<typeof ExpressionSchema>['exprType']>;

export function expressionOf(exprType: ExpressionType): Expression {
  return create(ExpressionSchema, { exprType });
}

/** A call of a function of the server's registry, built-in or registered there. */
export function functionCall(
  functionName: string,
  args: readonly Expression[],
  isDistinct = false,
): Expression {
  return expressionOf({
    case: 'unresolvedFunction',
    value: { functionName, arguments: [...args], isDistinct },
  });
}

/** `a.b` names a column (or a field of one); `*` and `t.*` are stars. */
export function attribute(name: string, planId?: bigint): Expression {
  const of = planId === undefined ? {} : { planId };
  if (name === '*') return expressionOf({ case: 'unresolvedStar', value: of });
  if (name.endsWith('.*'))
    return expressionOf({ case: 'unresolvedStar', value: { unparsedTarget: name, ...of } });
  return expressionOf({ case: 'unresolvedAttribute', value: { unparsedIdentifier: name, ...of } });
}
