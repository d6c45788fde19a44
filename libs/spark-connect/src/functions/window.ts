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
import { Column, sortOrderOf } from './column';
import { attribute } from './expressions';

/** One end of a frame: rows or range units relative to the current row. */
export type FrameBound = number | 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing';

interface WindowParts {
  readonly partition: readonly Expression[];
  readonly order: readonly Expression_SortOrder[];
  readonly frame?: Expression_Window_WindowFrame;
}

/** Which rows a windowed function sees; immutable. */
export class WindowSpec {
  constructor(private readonly parts: WindowParts = { partition: [], order: [] }) {}

  partitionBy(...columns: readonly (Column | string)[]): WindowSpec {
    const partition = columns.map((column) =>
      typeof column === 'string' ? attribute(column) : column.expression,
    );
    return new WindowSpec({ ...this.parts, partition });
  }

  orderBy(...columns: readonly (Column | string)[]): WindowSpec {
    return new WindowSpec({ ...this.parts, order: columns.map(orderOf) });
  }

  rowsBetween(lower: FrameBound, upper: FrameBound): WindowSpec {
    return this.between(FrameType.ROW, lower, upper);
  }

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
    const frame = create(Expression_Window_WindowFrameSchema, {
      frameType,
      lower: { boundary: boundaryOf(lower) },
      upper: { boundary: boundaryOf(upper) },
    });
    return new WindowSpec({ ...this.parts, frame });
  }
}

/** Where window specifications start: `Window.partitionBy('a').orderBy(desc('b'))`. */
export const Window = {
  partitionBy: (...columns: readonly (Column | string)[]): WindowSpec =>
    new WindowSpec().partitionBy(...columns),
  orderBy: (...columns: readonly (Column | string)[]): WindowSpec => new WindowSpec().orderBy(...columns),
} as const;

function orderOf(column: Column | string): Expression_SortOrder {
  return sortOrderOf(typeof column === 'string' ? new Column(attribute(column)) : column);
}

function boundaryOf(bound: FrameBound) {
  if (bound === 'currentRow' || bound === 0) return { case: 'currentRow', value: true } as const;
  if (typeof bound === 'number') return { case: 'value', value: literalExpression(bound) } as const;
  return { case: 'unbounded', value: true } as const;
}
