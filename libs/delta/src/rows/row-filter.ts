import type { TextList } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import { duckDbType } from './duckdb-type';
import { columnName, requireColumn } from './row-source';

export const FILTER_OPERATORS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'null', 'notnull'] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** A condition on one column. A null fulfils `null` and nothing else, as in SQL. */
export interface ColumnFilter {
  readonly column: string;
  readonly operator: FilterOperator;
  /**
   * As texts that can be cast to the type of the column: none for `null` and `notnull`, any number for `in`, else one. Compared as
   * Spark compares: texts by their bytes, NaN as the greatest number and equal to itself.
   */
  readonly values: readonly string[];
}

/** A condition that a row must fulfil. */
export type RowFilter = ColumnFilter | { readonly anyOf: readonly ColumnFilter[] };

/** SQL of conditions, and what its parameters stand for. */
export interface WhereClause {
  /** Empty without conditions. */
  readonly sql: string;
  readonly lists: readonly TextList[];
}

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/**
 * All conditions together. Values are bound, never part of the text.
 *
 * @param firstParameter number of the first parameter that is free.
 * @throws UnknownDeltaColumn
 */
export function whereClause(
  snapshot: Snapshot,
  filters: readonly RowFilter[],
  firstParameter: number,
): WhereClause {
  if (filters.length === 0) return { sql: '', lists: [] };
  const lists: TextList[] = [];
  const bind = (values: TextList) => {
    lists.push(values);
    return `$${firstParameter + lists.length - 1}::VARCHAR[]`;
  };
  const conditions = filters.map((filter) => {
    if (!('anyOf' in filter)) return columnCondition(snapshot, filter, bind);
    return `(${filter.anyOf.map((one) => columnCondition(snapshot, one, bind)).join(' OR ')})`;
  });
  return { sql: ` WHERE ${conditions.join(' AND ')}`, lists };
}

/** Names of the columns that conditions are about. */
export const filteredColumns = (filters: readonly RowFilter[]): string[] =>
  filters.flatMap((filter) => ('anyOf' in filter ? filter.anyOf : [filter])).map(({ column }) => column);

function columnCondition(
  snapshot: Snapshot,
  { column, operator, values }: ColumnFilter,
  bind: (values: TextList) => string,
): string {
  const { field, index } = requireColumn(snapshot, column);
  const name = columnName(index);
  const type = duckDbType(field.type);
  switch (operator) {
    case 'null':
      return `${name} IS NULL`;
    case 'notnull':
      return `${name} IS NOT NULL`;
    case 'in':
      return `list_contains(CAST(${bind(values)} AS ${type}[]), ${name})`;
    default:
      return `${name} ${COMPARISONS[operator]} CAST(list_extract(${bind(values)}, 1) AS ${type})`;
  }
}
