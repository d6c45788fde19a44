import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ExpressionSchema, type Expression } from '../generated/spark/connect/expressions_pb';

export type ExpressionType = NonNullable<MessageInitShape<typeof ExpressionSchema>['exprType']>;

export function expressionOf(exprType: ExpressionType): Expression {
  return create(ExpressionSchema, { exprType });
}

/** What a call says beside name and arguments. */
export interface CallFlags {
  readonly isDistinct?: boolean;
  /** A function that SQL does not have: partition transforms, `product`, ... */
  readonly isInternal?: boolean;
  /** The name may be that of a function registered in the session. */
  readonly isUserDefinedFunction?: boolean;
}

/** A call of a function of the server's registry, built-in or registered there. */
export function functionCall(
  functionName: string,
  args: readonly Expression[],
  flags: CallFlags = {},
): Expression {
  return expressionOf({
    case: 'unresolvedFunction',
    value: { functionName, arguments: [...args], isInternal: false, ...flags },
  });
}

/** `a.b` names a column (or a field of one); `*` and `t.*` are stars. */
export function attribute(name: string, planId?: bigint): Expression {
  const of = planId === undefined ? {} : { planId };
  if (name === '*') return expressionOf({ case: 'unresolvedStar', value: of });
  // The server refuses a star with both a target and a plan id.
  if (name.endsWith('.*')) return expressionOf({ case: 'unresolvedStar', value: { unparsedTarget: name } });
  return expressionOf({ case: 'unresolvedAttribute', value: { unparsedIdentifier: name, ...of } });
}
