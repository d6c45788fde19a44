import { Column, expressionFrom, type ColumnOrLiteral } from './column';
import { attribute, functionCall } from './expressions';

/** A column, or the name of one (`'a'`, `'a.b'`, `'*'`). */
export type ColumnOrName = Column | string;

/** A call of a built-in function; strings are column names, as everywhere in Spark's `functions`. */
export function call(functionName: string, ...args: readonly ColumnOrName[]): Column {
  return new Column(functionCall(functionName, args.map(toExpression)));
}

/** A call of a function that only clients can name. */
export function internalCall(functionName: string, ...args: readonly ColumnOrName[]): Column {
  return new Column(functionCall(functionName, args.map(toExpression), { isInternal: true }));
}

/** An aggregate over distinct values. */
export function distinctCall(functionName: string, ...args: readonly ColumnOrName[]): Column {
  return new Column(functionCall(functionName, args.map(toExpression), { isDistinct: true }));
}

/** A call with columns first and literals after them; literals left out by the caller are not sent, so that the server's default holds. */
export function callWith(
  functionName: string,
  columns: readonly ColumnOrName[],
  literals: readonly (ColumnOrLiteral | undefined)[],
): Column {
  const given = literals.filter((value) => value !== undefined);
  return new Column(functionCall(functionName, [...columns.map(toExpression), ...given.map(expressionFrom)]));
}

/**
 * The column of a name, or the column itself.
 * @throws TypeError for anything else, which plain JavaScript can give.
 */
export function toColumn(column: ColumnOrName): Column {
  if (typeof column === 'string') return new Column(attribute(column));
  if (column instanceof Column) return column;
  const given = Array.isArray(column) ? 'an array (give its elements one by one)' : String(column);
  throw new TypeError(`a column or the name of one is needed, not ${given}`);
}

export function toExpression(column: ColumnOrName) {
  return toColumn(column).expression;
}
