import { call, type ColumnOrName } from '../functions/call';
import { Column } from '../functions/column';
import { lit } from '../functions/core';
import type { Expression } from '../generated/spark/connect/expressions_pb';
import { Aggregate_GroupType as GroupType } from '../generated/spark/connect/relations_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { literalOf, type LiteralValue } from '../plan/literal';
import type { RelationType } from '../plan/relation';
import type { DataFrame } from './dataframe';

/** How rows are put into groups. */
export type Grouping =
  | { readonly type: 'groupBy' | 'rollup' | 'cube' }
  | { readonly type: 'groupingSets'; readonly sets: readonly (readonly Expression[])[] }
  | { readonly type: 'pivot'; readonly column: Expression; readonly values: readonly LiteralValue[] };

/** A column and the name of an aggregate function of it: `['price', 'max']`. */
export type NamedAggregate = readonly [column: string, functionName: string];

/**
 * What `agg` computes: columns, or pairs of a column's name and a function's, or one record of them: `agg({ price: 'max', '*': 'count' })`.
 * Of a record, names that are integers come first, in JavaScript's order.
 */
export type Aggregates =
  | readonly [Readonly<Record<string, string>>]
  | readonly [NamedAggregate, ...NamedAggregate[]]
  | readonly [Column, ...Column[]];

const GROUP_TYPES = {
  groupBy: GroupType.GROUPBY,
  rollup: GroupType.ROLLUP,
  cube: GroupType.CUBE,
  groupingSets: GroupType.GROUPING_SETS,
  pivot: GroupType.PIVOT,
} as const satisfies Record<Grouping['type'], GroupType>;

// Names that `agg` of Scala and Python knows besides the functions' own.
const FUNCTION_NAMES = new Map([
  ['average', 'avg'],
  ['mean', 'avg'],
  ['std', 'stddev'],
  ['size', 'count'],
]);

interface GroupedParts {
  readonly input: Relation;
  readonly grouping: Grouping;
  readonly by: readonly Expression[];
  /** The column of the input that a name means. */
  readonly own: (column: ColumnOrName) => Column;
}

/**
 * Rows in groups, waiting for aggregates. Mirrors `org.apache.spark.sql.RelationalGroupedDataset`, without the functions that take code.
 */
export class GroupedData {
  constructor(
    private readonly parts: GroupedParts,
    private readonly transformed: (relType: RelationType) => DataFrame,
  ) {}

  /** One row a group: the grouping columns, then the aggregates. */
  agg(...aggregates: Aggregates): DataFrame {
    const { input, grouping, by } = this.parts;
    return this.transformed({
      case: 'aggregate',
      value: {
        input,
        groupType: GROUP_TYPES[grouping.type],
        groupingExpressions: [...by],
        aggregateExpressions: this.columnsOf(aggregates).map((aggregate) => aggregate.expression),
        ...detailsOf(grouping),
      },
    });
  }

  /** Rows a group, in a column `count`. */
  count(): DataFrame {
    return this.agg(call('count', lit(1)).alias('count'));
  }

  /**
   * The sum of each column in each group, NULLs left out. The columns are named, here and in `avg`, `min` and `max`: without names PySpark
   * takes all columns of numbers, for which it asks the server for the schema first.
   */
  sum(...columns: readonly [string, ...string[]]): DataFrame {
    return this.each('sum', columns);
  }

  /** The average of each column in each group, NULLs left out. */
  avg(...columns: readonly [string, ...string[]]): DataFrame {
    return this.each('avg', columns);
  }

  /** The same as `avg`. */
  mean(...columns: readonly [string, ...string[]]): DataFrame {
    return this.each('avg', columns);
  }

  /** The least value of each column in each group, NULLs left out. */
  min(...columns: readonly [string, ...string[]]): DataFrame {
    return this.each('min', columns);
  }

  /** The greatest value of each column in each group, NULLs left out. */
  max(...columns: readonly [string, ...string[]]): DataFrame {
    return this.each('max', columns);
  }

  /**
   * Turns the values of a column into columns; without `values` the server computes them first, which is one more job.
   * @throws TypeError after anything but `groupBy`.
   */
  pivot(column: ColumnOrName, values: readonly LiteralValue[] = []): GroupedData {
    if (this.parts.grouping.type !== 'groupBy') {
      throw new TypeError(`pivot follows groupBy, not ${this.parts.grouping.type}`);
    }
    const grouping = { type: 'pivot', column: this.parts.own(column).expression, values } as const;
    return new GroupedData({ ...this.parts, grouping }, this.transformed);
  }

  private each(functionName: string, [first, ...others]: readonly [string, ...string[]]): DataFrame {
    return this.agg([first, functionName], ...others.map((name) => [name, functionName] as const));
  }

  private columnsOf(aggregates: Aggregates): readonly Column[] {
    return aggregates.flatMap((aggregate: Aggregates[number]) => {
      if (aggregate instanceof Column) return [aggregate];
      const pairs = isNamed(aggregate) ? [aggregate] : Object.entries(aggregate);
      return pairs.map(([column, functionName]) => this.named(column, functionName));
    });
  }

  private named(column: string, functionName: string): Column {
    const name = functionName.toLowerCase();
    return call(FUNCTION_NAMES.get(name) ?? name, this.parts.own(column));
  }
}

function isNamed(aggregate: NamedAggregate | Readonly<Record<string, string>>): aggregate is NamedAggregate {
  return Array.isArray(aggregate);
}

function detailsOf(grouping: Grouping) {
  switch (grouping.type) {
    case 'pivot':
      return { pivot: { col: grouping.column, values: grouping.values.map(literalOf) } };
    case 'groupingSets':
      return { groupingSets: grouping.sets.map((set) => ({ groupingSet: [...set] })) };
    default:
      return {};
  }
}
