// Mirrors org.apache.spark.sql.functions: normal and sorting functions.
import type { InputValue } from '../arrow/input-values';
import type { DataFrame } from '../dataframe/dataframe';
import { literalExpression } from '../plan/literal';
import { typedExpression } from '../plan/literal-expression';
import type { DataType } from '../types/data-type';
import { toColumn, toExpression, type ColumnOrName } from './call';
import { CaseColumn, Column, type ColumnOrLiteral } from './column';
import { attribute, expressionOf, functionCall } from './expressions';

/** The column of that name; `'*'` and `'t.*'` are stars, `'a.b'` is the field `b` of `a` or the column `b` of the alias `a`. */
export function col(name: string): Column {
  return new Column(attribute(name));
}

/** As {@link col}. */
export function column(name: string): Column {
  return col(name);
}

/**
 * A literal of the type its value tells: a safe whole `number` is INT or BIGINT by size, any other `number` DOUBLE (a fraction, -0, one
 * beyond the range of BIGINT such as 1e300), `bigint` BIGINT, `Date` TIMESTAMP, bytes BINARY, an array ARRAY (its holes are NULL), a `Map`
 * MAP. A column is returned as it is.
 * @throws TypeError where the value does not tell its type (an empty array, a plain object): see {@link typedlit}. RangeError for a whole
 * number that is not safe and within the range of BIGINT, from 2 ** 53 on: it may have lost digits. Use a bigint, or `typedlit(value,
 * DoubleType)`.
 */
export function lit(value: ColumnOrLiteral): Column {
  return value instanceof Column ? value : new Column(literalExpression(value));
}

/**
 * A literal of exactly this type, where `lit` would choose by the value or could not: `typedlit(1, ShortType)`,
 * `typedlit('2026-01-31', DateType)`, `typedlit('12.50', new DecimalType(10, 2))`, `typedlit([], new ArrayType(LongType))`.
 * DATE is text as rows give it, beyond the year 9999 `'+10000-01-01'`.
 * @throws TypeError or RangeError for a value that is none of this type.
 */
export function typedlit(value: InputValue, type: DataType): Column {
  return new Column(typedExpression(value, type));
}

/** As {@link typedlit}. */
export function typedLit(value: InputValue, type: DataType): Column {
  return typedlit(value, type);
}

/** An expression in SQL text. Never build the text from untrusted input. */
export function expr(sql: string): Column {
  return new Column(expressionOf({ case: 'expressionString', value: { expression: sql } }));
}

/** Calls any function of the server by name, built-in or registered, so that nothing is out of reach. Strings are column names. */
export function call_function(functionName: string, ...args: readonly ColumnOrName[]): Column {
  const flags = { isUserDefinedFunction: true };
  return new Column(functionCall(functionName, args.map(toExpression), flags));
}

/** As {@link call_function}. */
export function call_udf(functionName: string, ...args: readonly ColumnOrName[]): Column {
  return call_function(functionName, ...args);
}

/** Tells the planner to send the whole of this DataFrame to every executor when it is joined: for the small side of a join. */
export function broadcast<T extends object>(dataFrame: DataFrame<T>): DataFrame<T> {
  return dataFrame.hint('broadcast');
}

/** The start of a CASE expression: `when(a, b).when(c, d).otherwise(e)`; without `otherwise` the rest is NULL. */
export function when(condition: Column, value: ColumnOrLiteral): CaseColumn {
  return CaseColumn.first(condition, value);
}

/** Ascending, NULLs first. */
export function asc(name: ColumnOrName): Column {
  return toColumn(name).asc();
}

/** Ascending, NULLs first. */
export function asc_nulls_first(name: ColumnOrName): Column {
  return toColumn(name).ascNullsFirst();
}

/** Ascending, NULLs last. */
export function asc_nulls_last(name: ColumnOrName): Column {
  return toColumn(name).ascNullsLast();
}

/** Descending, NULLs last. */
export function desc(name: ColumnOrName): Column {
  return toColumn(name).desc();
}

/** Descending, NULLs first. */
export function desc_nulls_first(name: ColumnOrName): Column {
  return toColumn(name).descNullsFirst();
}

/** Descending, NULLs last. */
export function desc_nulls_last(name: ColumnOrName): Column {
  return toColumn(name).descNullsLast();
}
