import { count, lit } from 'spark-connect-js/functions';
import type { Column } from 'spark-connect-js';

/** How many transactions. Rows are counted, not ids: each row has one, and ids are two thirds of what a scan would read. */
export const transactionCount: Column = count(lit(1));
