import type { Column } from '../functions/column';
import { SetOperation_SetOpType as SetOpType } from '../generated/spark/connect/relations_pb';
import type { Row } from '../types/row';
import type { DataFrame } from './dataframe';
import { joinOf, lateralJoinOf, type JoinCondition, type JoinType, type LateralJoinType } from './join';
import { RowTransformations } from './row-transformations';

/** Two DataFrames become one. Set operations match columns by position, unless they say by name. */
export abstract class CombiningTransformations<T extends object = Row> extends RowTransformations<T> {
  /** @param on - columns both sides have (they appear once in the result), or conditions; left out, every row meets every row. */
  join<U extends object>(other: DataFrame<U>, on?: JoinCondition, how: JoinType = 'inner'): DataFrame {
    return this.transformed({ case: 'join', value: joinOf(this.relation, other.relation, on, how) });
  }

  crossJoin<U extends object>(other: DataFrame<U>): DataFrame {
    return this.join(other, undefined, 'cross');
  }

  /**
   * A join whose right side is computed for each row of the left: it may use `col('l.id').outer()` where the left one is
   * `as('l')`. Spark 4.0.
   * @param on - a further condition.
   */
  lateralJoin<U extends object>(other: DataFrame<U>, on?: Column, how: LateralJoinType = 'inner'): DataFrame {
    const value = lateralJoinOf(this.relation, other.relation, on, how);
    return this.transformed({ case: 'lateralJoin', value });
  }

  /** Rows of both, duplicates kept (SQL's UNION ALL). */
  union<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.setOperation(other, SetOpType.UNION, { isAll: true });
  }

  unionAll<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.union(other);
  }

  /** As `union`, columns matched by name. @param allowMissingColumns - NULL where one side does not have a column. */
  unionByName<U extends object>(other: DataFrame<U>, allowMissingColumns = false): DataFrame<T> {
    return this.setOperation(other, SetOpType.UNION, { isAll: true, byName: true, allowMissingColumns });
  }

  /** Rows both have, each once. */
  intersect<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.setOperation(other, SetOpType.INTERSECT, { isAll: false });
  }

  /** Rows both have, duplicates kept. */
  intersectAll<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.setOperation(other, SetOpType.INTERSECT, { isAll: true });
  }

  /** Rows of this that are not in the other, each once; PySpark's `subtract`. */
  except<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.setOperation(other, SetOpType.EXCEPT, { isAll: false });
  }

  subtract<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.except(other);
  }

  /** Rows of this that are not in the other, duplicates kept. */
  exceptAll<U extends object>(other: DataFrame<U>): DataFrame<T> {
    return this.setOperation(other, SetOpType.EXCEPT, { isAll: true });
  }

  private setOperation<U extends object>(
    other: DataFrame<U>,
    setOpType: SetOpType,
    flags: SetOperationFlags,
  ): DataFrame<T> {
    const value = { leftInput: this.relation, rightInput: other.relation, setOpType, ...flags };
    return this.transformed({ case: 'setOp', value });
  }
}

interface SetOperationFlags {
  readonly isAll: boolean;
  readonly byName?: boolean;
  readonly allowMissingColumns?: boolean;
}
