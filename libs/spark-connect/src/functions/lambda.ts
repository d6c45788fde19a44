import type { Expression } from '../generated/spark/connect/expressions_pb';
import { toExpression, type ColumnOrName } from './call';
import { Column } from './column';
import { expressionOf, functionCall } from './expressions';

/** A function of columns, with the number of variables the server calls it with. */
export type Lambda = readonly [body: (x: Column, y: Column, z: Column) => Column, variables: 1 | 2 | 3];

/** How many variables the calls that are just being built have taken, the enclosing ones included. */
let variablesTaken = 0;

/**
 * A call of a function that takes lambda functions. Their variables are numbered through from the outermost call, so that a lambda within
 * another never hides its variables, and the same program always makes the same plan.
 * @throws TypeError for a lambda that returns no column.
 */
export function higherOrderCall(
  functionName: string,
  columns: readonly ColumnOrName[],
  lambdas: readonly Lambda[],
): Column {
  const takenOutside = variablesTaken;
  try {
    const functions = lambdas.map((lambda) => lambdaFunction(functionName, lambda));
    return new Column(functionCall(functionName, [...columns.map(toExpression), ...functions]));
  } finally {
    variablesTaken = takenOutside;
  }
}

function lambdaFunction(functionName: string, [body, arity]: Lambda): Expression {
  const names = (['x', 'y', 'z'] as const).slice(0, arity).map(freshName);
  const [x, y, z] = names.map((name) => new Column(variable(name)));
  const result: unknown = (body as (...variables: (Column | undefined)[]) => unknown)(x, y, z);
  if (!(result instanceof Column))
    throw new TypeError(`the function given to ${functionName} returned no column`);
  const value = { function: result.expression, arguments: names.map((name) => ({ nameParts: [name] })) };
  return expressionOf({ case: 'lambdaFunction', value });
}

function variable(name: string): Expression {
  return expressionOf({ case: 'unresolvedNamedLambdaVariable', value: { nameParts: [name] } });
}

/** Named as Spark's clients do: `x_1`, `y_2`. */
function freshName(letter: string): string {
  variablesTaken += 1;
  return `${letter}_${String(variablesTaken)}`;
}
