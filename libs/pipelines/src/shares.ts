import type { Share } from '@millrace/domain';
import { Window } from 'spark-connect-js';
import type { DataFrame } from 'spark-connect-js';
import { col, round, sum, try_divide } from 'spark-connect-js/functions';

/** Columns that tell the part of the sum over all rows in percent; the results service computes them alike. */
export function withShares(rows: DataFrame, shares: readonly Share[]): DataFrame {
  return shares.reduce((shared, { column, of, decimals }) => {
    // Of the few groups, not of the rows. A grand total of zero has no shares: null, where `/` would throw (ANSI).
    const grandTotal = sum(of).over(Window.partitionBy());
    return shared.withColumn(column, round(try_divide(col(of), grandTotal).multiply(100), decimals));
  }, rows);
}
