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

/** An expression over the columns of a DataFrame; immutable, nothing is computed until an action runs. */
export class Column {
  constructor(
    /** The protocol's message of this expression. */
    readonly expression: Expression,
  ) {}

  eq(other: ColumnOrLiteral): Column {
    return this.call('==', other);
  }
  /** Null-safe equality (`<=>`). */
  eqNullSafe(other: ColumnOrLiteral): Column {
    return this.call('<=>', other);
  }
  neq(other: ColumnOrLiteral): Column {
    return this.eq(other).not();
  }
  gt(other: ColumnOrLiteral): Column {
    return this.call('>', other);
  }
  geq(other: ColumnOrLiteral): Column {
    return this.call('>=', other);
  }
  lt(other: ColumnOrLiteral): Column {
    return this.call('<', other);
  }
  leq(other: ColumnOrLiteral): Column {
    return this.call('<=', other);
  }
  between(lower: ColumnOrLiteral, upper: ColumnOrLiteral): Column {
    return this.geq(lower).and(this.leq(upper));
  }
  and(other: ColumnOrLiteral): Column {
    return this.call('and', other);
  }
  or(other: ColumnOrLiteral): Column {
    return this.call('or', other);
  }
  not(): Column {
    return this.call('not');
  }

  plus(other: ColumnOrLiteral): Column {
    return this.call('+', other);
  }
  minus(other: ColumnOrLiteral): Column {
    return this.call('-', other);
  }
  multiply(other: ColumnOrLiteral): Column {
    return this.call('*', other);
  }
  divide(other: ColumnOrLiteral): Column {
    return this.call('/', other);
  }
  mod(other: ColumnOrLiteral): Column {
    return this.call('%', other);
  }
  negate(): Column {
    return this.call('negative');
  }

  isNull(): Column {
    return this.call('isNull');
  }
  isNotNull(): Column {
    return this.call('isNotNull');
  }
  isNaN(): Column {
    return this.call('isNaN');
  }
  isin(...values: readonly ColumnOrLiteral[]): Column {
    return this.call('in', ...values);
  }
  like(pattern: string): Column {
    return this.call('like', pattern);
  }
  /** Java regular expression. */
  rlike(pattern: string): Column {
    return this.call('rlike', pattern);
  }
  startsWith(prefix: ColumnOrLiteral): Column {
    return this.call('startsWith', prefix);
  }
  endsWith(suffix: ColumnOrLiteral): Column {
    return this.call('endsWith', suffix);
  }
  contains(part: ColumnOrLiteral): Column {
    return this.call('contains', part);
  }
  /** `start` counts from 1. */
  substr(start: ColumnOrLiteral, length: ColumnOrLiteral): Column {
    return this.call('substr', start, length);
  }

  /** A field of a struct. */
  getField(name: string): Column {
    return this.getItem(name);
  }
  /** An element of an array (from 0) or the value of a map's key. */
  getItem(key: ColumnOrLiteral): Column {
    const value = { child: this.expression, extraction: expressionFrom(key) };
    return new Column(expressionOf({ case: 'unresolvedExtractValue', value }));
  }

  /** `type` is a data type or its DDL, e.g. `'decimal(10,2)'`. */
  cast(type: DataType | string): Column {
    return this.castWith(type, EvalMode.UNSPECIFIED);
  }
  /** As `cast`, with NULL where the value does not fit. */
  tryCast(type: DataType | string): Column {
    return this.castWith(type, EvalMode.TRY);
  }

  alias(...names: readonly string[]): Column {
    return new Column(expressionOf({ case: 'alias', value: { expr: this.expression, name: [...names] } }));
  }
  as(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  asc(): SortColumn {
    return new SortColumn(this.expression, SortDirection.ASCENDING, NullOrdering.SORT_NULLS_FIRST);
  }
  ascNullsFirst(): SortColumn {
    return this.asc();
  }
  ascNullsLast(): SortColumn {
    return new SortColumn(this.expression, SortDirection.ASCENDING, NullOrdering.SORT_NULLS_LAST);
  }
  desc(): SortColumn {
    return new SortColumn(this.expression, SortDirection.DESCENDING, NullOrdering.SORT_NULLS_LAST);
  }
  descNullsFirst(): SortColumn {
    return new SortColumn(this.expression, SortDirection.DESCENDING, NullOrdering.SORT_NULLS_FIRST);
  }
  descNullsLast(): SortColumn {
    return this.desc();
  }

  /** Computes this aggregate or ranking over a window. */
  over(window: WindowSpec): Column {
    return new Column(expressionOf({ case: 'window', value: window.around(this.expression) }));
  }

  private call(functionName: string, ...others: readonly ColumnOrLiteral[]): Column {
    return new Column(functionCall(functionName, [this.expression, ...others.map(expressionFrom)]));
  }

  private castWith(type: DataType | string, evalMode: EvalMode): Column {
    const castToType =
      typeof type === 'string'
        ? ({ case: 'typeStr', value: type } as const)
        : ({ case: 'type', value: dataTypeToProto(type) } as const);
    return new Column(expressionOf({ case: 'cast', value: { expr: this.expression, castToType, evalMode } }));
  }
}

/** A column with a direction, for `orderBy` and windows. */
export class SortColumn extends Column {
  readonly sortOrder: Expression_SortOrder;

  constructor(child: Expression, direction: SortDirection, nullOrdering: NullOrdering) {
    const sortOrder = create(Expression_SortOrderSchema, { child, direction, nullOrdering });
    super(expressionOf({ case: 'sortOrder', value: sortOrder }));
    this.sortOrder = sortOrder;
  }
}

/** `when(a, b).when(c, d).otherwise(e)`; without `otherwise` the rest is NULL. */
export class CaseColumn extends Column {
  private constructor(private readonly branches: readonly Expression[]) {
    super(functionCall('when', branches));
  }

  static first(condition: Column, value: ColumnOrLiteral): CaseColumn {
    return new CaseColumn([condition.expression, expressionFrom(value)]);
  }

  when(condition: Column, value: ColumnOrLiteral): CaseColumn {
    return new CaseColumn([...this.branches, condition.expression, expressionFrom(value)]);
  }

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
