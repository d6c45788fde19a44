import { toColumn, toExpression, type ColumnOrName } from '../functions/call';
import { Column } from '../functions/column';
import type { Row } from '../types/row';
import { CombiningTransformations } from './combining-transformations';
import type { DataFrame } from './dataframe';
import { GroupedData, type Aggregates, type Grouping } from './grouped-data';

/** Groups, and tables turned around. A group's column that is given by name is this DataFrame's own. */
export abstract class SummarisingTransformations<T extends object = Row> extends CombiningTransformations<T> {
  /** Groups the rows with the same values in these columns (NULL equals NULL); without columns all rows are one group. */
  groupBy(...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped({ type: 'groupBy' }, columns);
  }

  /** Groups by all columns, by all but the last, and so on to one group of everything. */
  rollup(...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped({ type: 'rollup' }, columns);
  }

  /** Groups by every subset of the columns. */
  cube(...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped({ type: 'cube' }, columns);
  }

  /**
   * Groups by each of the sets.
   * @param columns - the columns of the result's rows: all that the sets name.
   */
  groupingSets(sets: readonly (readonly ColumnOrName[])[], ...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped(
      { type: 'groupingSets', sets: sets.map((set) => set.map((column) => this.own(column).expression)) },
      columns,
    );
  }

  /** Aggregates over all rows: one row. */
  agg(...aggregates: Aggregates): DataFrame {
    return this.groupBy().agg(...aggregates);
  }

  /**
   * Columns become rows: one for each value column of each row, with the columns of `ids`, the value column's name and its value.
   * @param values - the value columns; undefined means all but the ids.
   */
  unpivot(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    const chosen = values === undefined ? {} : { values: { values: listOf(values).map(toExpression) } };
    const value = {
      input: this.relation,
      ids: listOf(ids).map(toExpression),
      ...chosen,
      variableColumnName,
      valueColumnName,
    };
    return this.transformed({ case: 'unpivot', value });
  }

  /** The same as `unpivot`. */
  melt(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    return this.unpivot(ids, values, variableColumnName, valueColumnName);
  }

  /** Rows become columns, named by the index column (the first if left out). Runs a job when the plan is analysed. Spark 4.0. */
  transpose(indexColumn?: ColumnOrName): DataFrame {
    const indexColumns = indexColumn === undefined ? [] : [toExpression(indexColumn)];
    return this.transformed({ case: 'transpose', value: { input: this.relation, indexColumns } });
  }

  /** Count, mean, standard deviation, minimum and maximum as texts, a row each; of all columns if none is named. */
  describe(...columns: readonly string[]): DataFrame {
    return this.transformed({ case: 'describe', value: { input: this.relation, cols: [...columns] } });
  }

  /** As `describe`, with statistics of one's choice: also `'25%'`, `'count_distinct'`, `'approx_count_distinct'`. */
  summary(...statistics: readonly string[]): DataFrame {
    return this.transformed({
      case: 'summary',
      value: { input: this.relation, statistics: [...statistics] },
    });
  }

  private grouped(grouping: Grouping, by: readonly ColumnOrName[]): GroupedData {
    const columns = by.map((column) => this.own(column).expression);
    return new GroupedData(
      { input: this.relation, grouping, by: columns, own: (column) => this.own(column) },
      (relType) => this.transformed(relType),
    );
  }

  private own(column: ColumnOrName): Column {
    return typeof column === 'string' ? this.col(column) : toColumn(column);
  }
}

function listOf(columns: ColumnOrName | readonly ColumnOrName[]): readonly ColumnOrName[] {
  return typeof columns === 'string' || columns instanceof Column ? [columns] : columns;
}
