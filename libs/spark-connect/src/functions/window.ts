import { create } from '@bufbuild/protobuf';
import {
  Expression_WindowSchema,
  Expression_Window_WindowFrameSchema,
  Expression_Window_WindowFrame_FrameType as FrameType,
  type Expression,
  type Expression_SortOrder,
  type Expression_Window,
  type Expression_Window_WindowFrame,
} from '../generated/spark/connect/expressions_pb';
import { literalExpression } from '../plan/literal';
import { toColumn, toExpression, type ColumnOrName } from './call';
import { Column, sortOrderOf } from './column';

/** An end of a frame without a distance from the current row. */
export type NamedFrameBound = 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing';

/** One end of a frame: rows or range units relative to the current row, or a column without inputs, e.g. `expr("INTERVAL 1 HOUR")`. */
export type FrameBound = number | bigint | Column | NamedFrameBound;

interface WindowParts {
  readonly partition: readonly Expression[];
  readonly order: readonly Expression_SortOrder[];
  readonly frame?: Expression_Window_WindowFrame;
}

/** Which rows a windowed function sees; immutable. Mirrors `org.apache.spark.sql.expressions.WindowSpec`. */
export class WindowSpec {
  constructor(private readonly parts: WindowParts = { partition: [], order: [] }) {}

  /** Replaces the partition columns. */
  partitionBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.parts, partition: columns.map(toExpression) });
  }

  /** Replaces the order within a partition; ascending where a column says nothing. */
  orderBy(...columns: readonly ColumnOrName[]): WindowSpec {
    const order = columns.map((column) => sortOrderOf(toColumn(column)));
    return new WindowSpec({ ...this.parts, order });
  }

  /**
   * A frame counted in rows, both ends included: `rowsBetween(-1, 'currentRow')` is the row before and this one.
   * @throws RangeError for a bound that is no whole number, or at the wrong end.
   */
  rowsBetween(lower: FrameBound, upper: FrameBound): WindowSpec {
    return this.between(FrameType.ROW, lower, upper);
  }

  /**
   * A frame of the rows whose order value differs from this row's by no more than the bounds, both ends included.
   * Needs exactly one order column, unless both ends are names. A number is a BIGINT, which dates do not take: say `lit(-1)` for a day,
   * and `expr('-INTERVAL 1 HOUR')` over timestamps.
   * @throws RangeError for a bound at the wrong end.
   */
  rangeBetween(lower: FrameBound, upper: FrameBound): WindowSpec {
    return this.between(FrameType.RANGE, lower, upper);
  }

  /** The message of a function computed over this window. */
  around(windowFunction: Expression): Expression_Window {
    const { partition, order, frame } = this.parts;
    return create(Expression_WindowSchema, {
      windowFunction,
      partitionSpec: [...partition],
      orderSpec: [...order],
      ...(frame === undefined ? {} : { frameSpec: frame }),
    });
  }

  private between(frameType: FrameType, lower: FrameBound, upper: FrameBound): WindowSpec {
    // The message says only "unbounded", so that a wrong end would silently mean the opposite.
    if (lower === 'unboundedFollowing' || upper === 'unboundedPreceding')
      throw new RangeError('a frame reaches from its earlier row to its later row');
    const frame = create(Expression_Window_WindowFrameSchema, {
      frameType,
      lower: { boundary: boundaryOf(frameType, lower) },
      upper: { boundary: boundaryOf(frameType, upper) },
    });
    return new WindowSpec({ ...this.parts, frame });
  }
}

const spec = new WindowSpec();

/** Where window specifications start: `Window.partitionBy('a').orderBy(desc('b'))`. Mirrors `org.apache.spark.sql.expressions.Window`. */
export const Window = {
  unboundedPreceding: 'unboundedPreceding',
  currentRow: 'currentRow',
  unboundedFollowing: 'unboundedFollowing',
  partitionBy: (...columns: readonly ColumnOrName[]): WindowSpec => spec.partitionBy(...columns),
  orderBy: (...columns: readonly ColumnOrName[]): WindowSpec => spec.orderBy(...columns),
  rowsBetween: (lower: FrameBound, upper: FrameBound): WindowSpec => spec.rowsBetween(lower, upper),
  rangeBetween: (lower: FrameBound, upper: FrameBound): WindowSpec => spec.rangeBetween(lower, upper),
} as const;

function boundaryOf(frameType: FrameType, bound: FrameBound) {
  if (bound === 'currentRow' || bound === 0 || bound === 0n)
    return { case: 'currentRow', value: true } as const;
  if (bound instanceof Column) return { case: 'value', value: bound.expression } as const;
  if (typeof bound === 'string') return { case: 'unbounded', value: true } as const;
  return { case: 'value', value: literalExpression(distance(frameType, bound)) } as const;
}

/** Spark's clients send rows as INT and whole range units as BIGINT, which the server casts to the order column's type. */
function distance(frameType: FrameType, bound: number | bigint): number | bigint {
  if (frameType === FrameType.RANGE) return Number.isSafeInteger(bound) ? BigInt(bound) : bound;
  const rows = Number(bound);
  if (!Number.isSafeInteger(rows)) throw new RangeError(`a frame of rows needs whole numbers, not ${bound}`);
  return rows;
}
