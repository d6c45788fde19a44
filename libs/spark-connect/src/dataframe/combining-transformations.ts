import type { Column } from '../functions/column';
import { SetOperation_SetOpType as SetOpType } from '../generated/spark/connect/relations_pb';
import type { Row } from '../types/row';
import type { DataFrame } from './dataframe';
import {
  joinOf,
  lateralJoinOf,
  type JoinCondition,
  type JoinType,
  type LateralJoinType,
  type LeftExistenceJoinType,
} from './join';
import { RowTransformations } from './row-transformations';

/**
 * Two DataFrames become one. Set operations match columns by position, unless they say by name; the type of a row is kept where the other
 * side has it, too, because Spark widens the columns to what both sides fit into.
 */
export abstract class CombiningTransformations<T extends object = Row> extends RowTransformations<T> {
  /**
   * Rows of both sides that belong together; of semi and anti joins the rows of this side alone.
   * @param on - columns both sides have (they appear once in the result), or conditions; left out, every row meets every row.
   */
  join(other: DataFrame<object>, on: JoinCondition | undefined, how: LeftExistenceJoinType): DataFrame<T>;
  join(other: DataFrame<object>, on?: JoinCondition, how?: JoinType): DataFrame;
  join(other: DataFrame<object>, on?: JoinCondition, how: JoinType = 'inner'): DataFrame<object> {
    return this.transformed({ case: 'join', value: joinOf(this.relation, other.relation, on, how) });
  }

  /** Every row of this with every row of the other. */
  crossJoin(other: DataFrame<object>): DataFrame {
    return this.join(other, undefined, 'cross');
  }

  /**
   * A join whose right side is computed for each row of the left: it may use `col('l.id').outer()` where the left one is
   * `as('l')`. Spark 4.0.
   * @param on - a further condition.
   */
  lateralJoin(other: DataFrame<object>, on?: Column, how: LateralJoinType = 'inner'): DataFrame {
    const value = lateralJoinOf(this.relation, other.relation, on, how);
    return this.transformed({ case: 'lateralJoin', value });
  }

  /** Rows of both, duplicates kept (SQL's UNION ALL). */
  union(other: DataFrame<T>): DataFrame<T>;
  union(other: DataFrame<object>): DataFrame;
  union(other: DataFrame<object>): DataFrame<object> {
    return this.setOperation(other, SetOpType.UNION, { isAll: true });
  }

  /** The same as `union`. */
  unionAll(other: DataFrame<T>): DataFrame<T>;
  unionAll(other: DataFrame<object>): DataFrame;
  unionAll(other: DataFrame<object>): DataFrame<object> {
    return this.union(other);
  }

  /** As `union`, columns matched by name. @param allowMissingColumns - NULL where one side does not have a column. */
  unionByName(other: DataFrame<T>, allowMissingColumns?: false): DataFrame<T>;
  unionByName(other: DataFrame<object>, allowMissingColumns?: boolean): DataFrame;
  unionByName(other: DataFrame<object>, allowMissingColumns = false): DataFrame<object> {
    return this.setOperation(other, SetOpType.UNION, { isAll: true, byName: true, allowMissingColumns });
  }

  /** Rows both have, each once; NULL equals NULL. */
  intersect(other: DataFrame<T>): DataFrame<T>;
  intersect(other: DataFrame<object>): DataFrame;
  intersect(other: DataFrame<object>): DataFrame<object> {
    return this.setOperation(other, SetOpType.INTERSECT, { isAll: false });
  }

  /** Rows both have, duplicates kept. */
  intersectAll(other: DataFrame<T>): DataFrame<T>;
  intersectAll(other: DataFrame<object>): DataFrame;
  intersectAll(other: DataFrame<object>): DataFrame<object> {
    return this.setOperation(other, SetOpType.INTERSECT, { isAll: true });
  }

  /** Rows of this that are not in the other, each once; NULL equals NULL. */
  except(other: DataFrame<T>): DataFrame<T>;
  except(other: DataFrame<object>): DataFrame;
  except(other: DataFrame<object>): DataFrame<object> {
    return this.setOperation(other, SetOpType.EXCEPT, { isAll: false });
  }

  /** PySpark's name of `except`. */
  subtract(other: DataFrame<T>): DataFrame<T>;
  subtract(other: DataFrame<object>): DataFrame;
  subtract(other: DataFrame<object>): DataFrame<object> {
    return this.except(other);
  }

  /** Rows of this that are not in the other, duplicates kept. */
  exceptAll(other: DataFrame<T>): DataFrame<T>;
  exceptAll(other: DataFrame<object>): DataFrame;
  exceptAll(other: DataFrame<object>): DataFrame<object> {
    return this.setOperation(other, SetOpType.EXCEPT, { isAll: true });
  }

  private setOperation(other: DataFrame<object>, setOpType: SetOpType, flags: SetOperationFlags): DataFrame {
    const value = { leftInput: this.relation, rightInput: other.relation, setOpType, ...flags };
    return this.transformed({ case: 'setOp', value });
  }
}

interface SetOperationFlags {
  readonly isAll: boolean;
  readonly byName?: boolean;
  readonly allowMissingColumns?: boolean;
}
