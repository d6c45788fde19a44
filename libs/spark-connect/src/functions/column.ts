import { create } from '@bufbuild/protobuf';
import {
  Expression_Cast_EvalMode as EvalMode,
  Expression_SortOrderSchema,
  Expression_SortOrder_NullOrdering as NullOrdering,
  Expression_SortOrder_SortDirection as SortDirection,
  type Expression,
  type Expression_SortOrder,
} from '../generated/spark/connect/expressions_pb';
import { literalExpression, type LiteralValue } from '../plan/literal';
import type { DataType } from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';
import { expressionOf, functionCall } from './expressions';
import type { WindowSpec } from './window';

/** An operand: a column, or a value that becomes a literal (a string is a literal here, not a column name). */
export type ColumnOrLiteral = Column | LiteralValue;

/** What a column carries beside its data, e.g. a comment: an object that JSON can hold. */
export type ColumnMetadata = Readonly<Record<string, unknown>>;

/**
 * An expression over the columns of a DataFrame; immutable, nothing is computed until an action runs.
 * Mirrors `org.apache.spark.sql.Column`.
 */
export class Column {
  constructor(
    /** The protocol's message of this expression. */
    readonly expression: Expression,
  ) {}

  /** NULL if either side is NULL. */
  eq(other: ColumnOrLiteral): Column {
    return this.call('=', other);
  }
  /** As {@link eq}. */
  equalTo(other: ColumnOrLiteral): Column {
    return this.eq(other);
  }
  /** Null-safe equality (`<=>`): NULL equals NULL, and the result is never NULL. */
  eqNullSafe(other: ColumnOrLiteral): Column {
    return this.call('<=>', other);
  }
  /** Inequality; NULL if either side is NULL. */
  neq(other: ColumnOrLiteral): Column {
    return this.eq(other).not();
  }
  /** As {@link neq}. */
  notEqual(other: ColumnOrLiteral): Column {
    return this.neq(other);
  }
  /** Greater than; NULL if either side is NULL. */
  gt(other: ColumnOrLiteral): Column {
    return this.call('>', other);
  }
  /** Greater than or equal; NULL if either side is NULL. */
  geq(other: ColumnOrLiteral): Column {
    return this.call('>=', other);
  }
  /** Less than; NULL if either side is NULL. */
  lt(other: ColumnOrLiteral): Column {
    return this.call('<', other);
  }
  /** Less than or equal; NULL if either side is NULL. */
  leq(other: ColumnOrLiteral): Column {
    return this.call('<=', other);
  }
  /** Both ends included. */
  between(lower: ColumnOrLiteral, upper: ColumnOrLiteral): Column {
    return this.geq(lower).and(this.leq(upper));
  }
  /** Both are true; NULL counts as unknown: `NULL and false` is false, `NULL and true` is NULL. */
  and(other: ColumnOrLiteral): Column {
    return this.call('and', other);
  }
  /** At least one is true; NULL counts as unknown: `NULL or true` is true, `NULL or false` is NULL. */
  or(other: ColumnOrLiteral): Column {
    return this.call('or', other);
  }
  /** The opposite of a condition; NULL for NULL. */
  not(): Column {
    return this.call('!');
  }

  /** An overflow is an error under ANSI mode (the default); `try_add` and its like give NULL. */
  plus(other: ColumnOrLiteral): Column {
    return this.call('+', other);
  }
  /** The difference; NULL if either side is NULL. An overflow is an error under ANSI mode (`try_subtract` gives NULL). */
  minus(other: ColumnOrLiteral): Column {
    return this.call('-', other);
  }
  /** The product; NULL if either side is NULL. An overflow is an error under ANSI mode (`try_multiply` gives NULL). */
  multiply(other: ColumnOrLiteral): Column {
    return this.call('*', other);
  }
  /** DOUBLE for integers, too; a divisor 0 is an error under ANSI mode (`try_divide` gives NULL). */
  divide(other: ColumnOrLiteral): Column {
    return this.call('/', other);
  }
  /** The remainder, with the sign of the dividend (`pmod` is never negative). */
  mod(other: ColumnOrLiteral): Column {
    return this.call('%', other);
  }
  /** The number with the other sign; NULL for NULL. */
  negate(): Column {
    return this.call('negative');
  }
  /** The bits that are set in both integers; NULL if either side is NULL. */
  bitwiseAND(other: ColumnOrLiteral): Column {
    return this.call('&', other);
  }
  /** The bits that are set in at least one of the integers; NULL if either side is NULL. */
  bitwiseOR(other: ColumnOrLiteral): Column {
    return this.call('|', other);
  }
  /** The bits that are set in exactly one of the integers; NULL if either side is NULL. */
  bitwiseXOR(other: ColumnOrLiteral): Column {
    return this.call('^', other);
  }

  /** Whether the value is NULL; never NULL itself. */
  isNull(): Column {
    return this.call('isNull');
  }
  /** Whether the value is not NULL; never NULL itself. */
  isNotNull(): Column {
    return this.call('isNotNull');
  }
  /** False for NULL. */
  isNaN(): Column {
    return this.call('isNaN');
  }
  /** NULL, not false, where nothing matches and one of the values is NULL. */
  isin(...values: readonly ColumnOrLiteral[]): Column {
    return this.call('in', ...values);
  }
  /** As {@link isin}, for a list or set of values. */
  isInCollection(values: Iterable<ColumnOrLiteral>): Column {
    return this.isin(...values);
  }
  /** SQL's LIKE: `%` any text, `_` one character, `\` before either means itself. */
  like(pattern: Column | string): Column {
    return this.call('like', pattern);
  }
  /** As {@link like}, without regard to case. */
  ilike(pattern: Column | string): Column {
    return this.call('ilike', pattern);
  }
  /** Whether a Java regular expression is found anywhere in the text. */
  rlike(pattern: Column | string): Column {
    return this.call('rlike', pattern);
  }
  /** Whether the text or bytes begin with these; NULL if either side is NULL. */
  startsWith(prefix: ColumnOrLiteral): Column {
    return this.call('startswith', prefix);
  }
  /** Whether the text or bytes end with these; NULL if either side is NULL. */
  endsWith(suffix: ColumnOrLiteral): Column {
    return this.call('endswith', suffix);
  }
  /** Whether the text or bytes have these in them; NULL if either side is NULL. */
  contains(part: ColumnOrLiteral): Column {
    return this.call('contains', part);
  }
  /** `start` counts from 1, or from the end if negative. */
  substr(start: ColumnOrLiteral, length: ColumnOrLiteral): Column {
    return this.call('substr', start, length);
  }

  /** A field of a struct, an element of an array (from 0) or the value of a map's key; Scala's `column(extraction)`. */
  apply(extraction: ColumnOrLiteral): Column {
    const value = { child: this.expression, extraction: expressionFrom(extraction) };
    return new Column(expressionOf({ case: 'unresolvedExtractValue', value }));
  }
  /** A field of a struct. */
  getField(name: string): Column {
    return this.apply(name);
  }
  /** An element of an array (from 0; outside of it is an error under ANSI mode) or the value of a map's key (NULL if there is none). */
  getItem(key: ColumnOrLiteral): Column {
    return this.apply(key);
  }
  /** A copy of the struct with this field added or replaced; `'a.b'` is a field of a field. */
  withField(name: string, value: Column): Column {
    return this.updated(name, value.expression);
  }
  /** A copy of the struct without these fields; names it does not have are ignored. At least one field must be left. */
  dropFields(...names: readonly string[]): Column {
    return names.reduce<Column>((struct, name) => struct.updated(name), this);
  }

  /** `type` is a data type or its DDL, e.g. `'decimal(10,2)'`. A value that does not fit is an error under ANSI mode. */
  cast(type: DataType | string): Column {
    return this.castWith(type, EvalMode.UNSPECIFIED);
  }
  /** As {@link cast}, with NULL where the value does not fit. */
  tryCast(type: DataType | string): Column {
    return this.castWith(type, EvalMode.TRY);
  }

  /** Names the column, with metadata if given; several names for a function that makes several columns. */
  alias(name: string, metadata: ColumnMetadata): Column;
  alias(...names: readonly string[]): Column;
  alias(...args: readonly (string | ColumnMetadata)[]): Column {
    const name = args.filter((arg) => typeof arg === 'string');
    const metadata = args.find((arg) => typeof arg !== 'string');
    const value = { expr: this.expression, name };
    const described = metadata === undefined ? value : { ...value, metadata: JSON.stringify(metadata) };
    return new Column(expressionOf({ case: 'alias', value: described }));
  }
  /** As {@link alias}. */
  as(name: string, metadata: ColumnMetadata): Column;
  as(...names: readonly string[]): Column;
  as(...args: readonly [string, ColumnMetadata] | readonly string[]): Column {
    return this.alias(...(args as readonly string[]));
  }
  /** As {@link alias}. */
  name(name: string): Column {
    return this.alias(name);
  }

  /** Sorts upwards, NULLs first. */
  asc(): SortColumn {
    return this.ascNullsFirst();
  }
  /** Sorts upwards, NULLs first. */
  ascNullsFirst(): SortColumn {
    return new SortColumn(this.expression, SortDirection.ASCENDING, NullOrdering.SORT_NULLS_FIRST);
  }
  /** Sorts upwards, NULLs last. */
  ascNullsLast(): SortColumn {
    return new SortColumn(this.expression, SortDirection.ASCENDING, NullOrdering.SORT_NULLS_LAST);
  }
  /** Sorts downwards, NULLs last. */
  desc(): SortColumn {
    return this.descNullsLast();
  }
  /** Sorts downwards, NULLs first. */
  descNullsFirst(): SortColumn {
    return new SortColumn(this.expression, SortDirection.DESCENDING, NullOrdering.SORT_NULLS_FIRST);
  }
  /** Sorts downwards, NULLs last. */
  descNullsLast(): SortColumn {
    return new SortColumn(this.expression, SortDirection.DESCENDING, NullOrdering.SORT_NULLS_LAST);
  }

  /** Computes this aggregate or ranking over a window; over all rows if none is given. */
  over(window?: WindowSpec): Column {
    const value = window === undefined ? { windowFunction: this.expression } : window.around(this.expression);
    return new Column(expressionOf({ case: 'window', value }));
  }
  /**
   * In a subquery, a column of the query around it, by a name only that one has: `col('outside.id').outer()`. Over Spark Connect the server
   * finds it by the name alone: this says it to the reader. (A column taken by `df.col` is looked for in the subquery only.)
   */
  outer(): this {
    return this;
  }
  /** Hands the column to a function, so that steps read in their order: `col('a').transform(trimmed).transform(upper)`. */
  transform(change: (column: Column) => Column): Column {
    return change(this);
  }

  private call(functionName: string, ...others: readonly ColumnOrLiteral[]): Column {
    return new Column(functionCall(functionName, [this.expression, ...others.map(expressionFrom)]));
  }

  private updated(fieldName: string, valueExpression?: Expression): Column {
    const value = { structExpression: this.expression, fieldName };
    const update = valueExpression === undefined ? value : { ...value, valueExpression };
    return new Column(expressionOf({ case: 'updateFields', value: update }));
  }

  private castWith(type: DataType | string, evalMode: EvalMode): Column {
    const castToType =
      typeof type === 'string'
        ? ({ case: 'typeStr', value: type } as const)
        : ({ case: 'type', value: dataTypeToProto(type) } as const);
    return new Column(expressionOf({ case: 'cast', value: { expr: this.expression, castToType, evalMode } }));
  }
}

/** A column with a direction, for `orderBy` and windows. Mirrors `org.apache.spark.sql.Column` as `asc` and `desc` give it. */
export class SortColumn extends Column {
  /** The protocol's message of column and direction. */
  readonly sortOrder: Expression_SortOrder;

  constructor(child: Expression, direction: SortDirection, nullOrdering: NullOrdering) {
    const sortOrder = create(Expression_SortOrderSchema, { child, direction, nullOrdering });
    super(expressionOf({ case: 'sortOrder', value: sortOrder }));
    this.sortOrder = sortOrder;
  }
}

/** `when(a, b).when(c, d).otherwise(e)`; without `otherwise` the rest is NULL. Mirrors `org.apache.spark.sql.Column` as `when` gives it. */
export class CaseColumn extends Column {
  private constructor(private readonly branches: readonly Expression[]) {
    super(functionCall('when', branches));
  }

  /** The first branch; what the function `when` gives. */
  static first(condition: Column, value: ColumnOrLiteral): CaseColumn {
    return new CaseColumn([condition.expression, expressionFrom(value)]);
  }

  /** A further branch: the value where this condition is true and none of the earlier ones was. */
  when(condition: Column, value: ColumnOrLiteral): CaseColumn {
    return new CaseColumn([...this.branches, condition.expression, expressionFrom(value)]);
  }

  /** The end of the CASE expression: the value where no condition was true, NULL conditions included. */
  otherwise(value: ColumnOrLiteral): Column {
    return new Column(functionCall('when', [...this.branches, expressionFrom(value)]));
  }
}

/** The expression of an operand. */
export function expressionFrom(operand: ColumnOrLiteral): Expression {
  return operand instanceof Column ? operand.expression : literalExpression(operand);
}

/** The order of a column; ascending with nulls first where it says none, as in SQL. */
export function sortOrderOf(column: Column): Expression_SortOrder {
  return column instanceof SortColumn ? column.sortOrder : column.asc().sortOrder;
}
