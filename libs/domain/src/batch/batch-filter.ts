import { TRANSACTION_COLUMNS } from '../event/transaction-event';

/** Values a filter can have, by the type of its column. */
export type FilterValue = string | number | boolean;

/** Columns a batch may be filtered by: what a row is about, never what identifies it or when it was. */
export const FILTER_COLUMNS = TRANSACTION_COLUMNS.filter(
  (column) =>
    column.type !== 'timestamp' &&
    !['transaction_id', 'batch_id', 'session_id', 'ip_address'].includes(column.name),
);

/** Columns, exact values, all of which a row must have. */
export type BatchFilters = Readonly<Record<string, FilterValue>>;
