import { identifier, literal } from '../engine/sql-text';
import type { Snapshot } from '../snapshot/snapshot';
import { duckDbType } from './duckdb-type';
import { shownColumns, sortedRowsQuery } from './page-query';
import type { PageRequest, RowQuery } from './page-query';
import { filteredColumns } from './row-filter';
import { allRows, requireColumn } from './row-source';

/** Rows that are together in memory while they are written, and bytes of them where they are long: the engine has little. */
const ROWS_OF_A_GROUP = 32_768;
const BYTES_OF_A_GROUP = '16MB';

/**
 * Writes every row of a request, in its order, as a Parquet file: each column under its name and with the type that Spark reads it
 * by. Snappy, which every reader of Parquet knows.
 *
 * @param locations of the files of the snapshot.
 * @throws UnknownDeltaColumn
 */
export function parquetQuery(
  snapshot: Snapshot,
  locations: readonly string[],
  request: PageRequest,
  file: string,
): RowQuery {
  const rows = rowsToWrite(snapshot, locations, request);
  const options = `FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROWS_OF_A_GROUP}, ROW_GROUP_SIZE_BYTES '${BYTES_OF_A_GROUP}', USE_TMP_FILE false`;
  return { sql: `COPY (${rows.sql}) TO ${literal(file)} (${options})`, lists: rows.lists };
}

function rowsToWrite(snapshot: Snapshot, locations: readonly string[], request: PageRequest): RowQuery {
  const { columns, order, filters = [], limit } = request;
  const shown = shownColumns(snapshot, columns);
  // Of no files there is nothing to scan, but there are columns to tell.
  if (locations.length === 0 || limit === 0) return noRows(snapshot, shown);
  const names = [...shown, ...order.map(({ column }) => column), ...filteredColumns(filters)];
  return sortedRowsQuery(snapshot, allRows(snapshot, names, locations), shown, request, 'values');
}

function noRows(snapshot: Snapshot, columns: readonly string[]): RowQuery {
  const nulls = columns.map((name) => {
    const { type } = requireColumn(snapshot, name).field;
    return `CAST(NULL AS ${duckDbType(type)}) AS ${identifier(name)}`;
  });
  return { sql: `SELECT ${nulls.join(', ')} WHERE false`, lists: [] };
}
