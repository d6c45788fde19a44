import { Aggregate_GroupType as GroupType } from '../generated/spark/connect/relations_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { count } from '../functions/aggregates';
import type { Column } from '../functions/column';
import { toExpression, type ColumnOrName } from '../functions/core';
import { literalOf, type LiteralValue } from '../plan/literal';
import type { RelationType } from '../plan/relation';
import type { DataFrame } from './dataframe';

export type Grouping = 'groupBy' | 'rollup' | 'cube';

const GROUP_TYPES = {
  groupBy: GroupType.GROUPBY,
  rollup: GroupType.ROLLUP,
  cube: GroupType.CUBE,
} as const satisfies Record<Grouping, GroupType>;

interface GroupedParts {
  readonly input: Relation;
  readonly grouping: Grouping;
  readonly by: readonly ColumnOrName[];
  readonly pivot?: { readonly column: ColumnOrName; readonly values: readonly LiteralValue[] };
}

/** Rows in groups, waiting for aggregates. */
export class GroupedData {
  constructor(
    private readonly parts: GroupedParts,
    private readonly derive: (relType: RelationType) => DataFrame,
  ) {}

  /** One row a group: the grouping columns, then the aggregates. */
  agg(...aggregates: readonly [Column, ...Column[]]): DataFrame {
    const { input, grouping, by, pivot } = this.parts;
    return this.derive({
      case: 'aggregate',
      value: {
        input,
        groupType: pivot === undefined ? GROUP_TYPES[grouping] : GroupType.PIVOT,
        groupingExpressions: by.map(toExpression),
        aggregateExpressions: aggregates.map((aggregate) => aggregate.expression),
        ...(pivot === undefined
          ? {}
          : { pivot: { col: toExpression(pivot.column), values: pivot.values.map(literalOf) } }),
      },
    });
  }

  /** Rows a group, in a column `count`. */
  count(): DataFrame {
    return this.agg(count('*').alias('count'));
  }

  /** Turns the values of a column into columns; without `values` the server computes them first. */
  pivot(column: ColumnOrName, values: readonly LiteralValue[] = []): GroupedData {
    return new GroupedData({ ...this.parts, pivot: { column, values } }, this.derive);
  }
}
