import type { AnalysisEntry } from '@millrace/domain';
import { col } from 'spark-connect-js/functions';
import type { DataFrame } from 'spark-connect-js';

/** The catalog's columns, in the catalog's order and types. */
export function selectCatalogColumns(rows: DataFrame, entry: AnalysisEntry): DataFrame {
  return rows.select(...entry.columns.map((column) => col(column.name).cast(column.type).alias(column.name)));
}

/** Rows in the catalog's order. Nulls come last in both directions, as the results service pages them. */
export function orderByCatalog(rows: DataFrame, entry: AnalysisEntry): DataFrame {
  return rows.orderBy(
    ...entry.order.map(({ column, direction }) =>
      direction === 'asc' ? col(column).ascNullsLast() : col(column).descNullsLast(),
    ),
  );
}
