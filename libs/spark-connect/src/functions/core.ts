import type { LiteralValue } from '../plan/literal';
import { literalExpression } from '../plan/literal';
import { CaseColumn, Column, expressionFrom, type ColumnOrLiteral } from './column';
import { attribute, expressionOf, functionCall } from './expressions';

/** A column, or the name of one (`'a'`, `'a.b'`, `'*'`). */
export type ColumnOrName = Column | string;

/** The column of that name; `'*'` and `'t.*'` are stars. */
export function col(name: string): Column {
  return new Column(attribute(name));
}

/** A literal. An integral `number` is INT or BIGINT by size, any other `number` DOUBLE, `bigint` BIGINT, `Date` TIMESTAMP. */
export function lit(value: ColumnOrLiteral): Column {
  return value instanceof Column ? value : new Column(literalExpression(value));
}

/** A literal of exactly this number type, where `lit` would choose by the value: `litAs(1, 'double')`. */
export function litAs(value: number, type: 'byte' | 'short' | 'integer' | 'float' | 'double'): Column {
  return new Column(expressionOf({ case: 'literal', value: { literalType: { case: type, value } } }));
}

/** An expression in SQL text. Never build the text from untrusted input. */
export function expr(sql: string): Column {
  return new Column(expressionOf({ case: 'expressionString', value: { expression: sql } }));
}

/** Calls any function of the server by name, so that nothing is out of reach. Strings are column names. */
export function callFunction(functionName: string, ...args: readonly ColumnOrName[]): Column {
  return new Column(functionCall(functionName, args.map(toExpression)));
}

/** The start of a CASE expression. */
export function when(condition: Column, value: ColumnOrLiteral): CaseColumn {
  return CaseColumn.first(condition, value);
}

export function asc(column: ColumnOrName): Column {
  return toColumn(column).asc();
}

export function desc(column: ColumnOrName): Column {
  return toColumn(column).desc();
}

export function not(condition: Column): Column {
  return condition.not();
}

export function isNull(column: ColumnOrName): Column {
  return callFunction('isnull', column);
}

export function isNotNull(column: ColumnOrName): Column {
  return callFunction('isnotnull', column);
}

export function coalesce(...columns: readonly ColumnOrName[]): Column {
  return callFunction('coalesce', ...columns);
}

/** `column.tryCast(type)`: NULL where the value does not fit. */
export function tryCast(column: ColumnOrName, type: Parameters<Column['tryCast']>[0]): Column {
  return toColumn(column).tryCast(type);
}

/** The column of a name, or the column itself. */
export function toColumn(column: ColumnOrName): Column {
  return typeof column === 'string' ? col(column) : column;
}

/** Calls a function of columns followed by literals. */
export function callWith(
  functionName: string,
  columns: readonly ColumnOrName[],
  literals: readonly (LiteralValue | undefined)[],
): Column {
  const given = literals.filter((value) => value !== undefined);
  return new Column(functionCall(functionName, [...columns.map(toExpression), ...given.map(expressionFrom)]));
}

export function toExpression(column: ColumnOrName) {
  return toColumn(column).expression;
}
