import type { ResultTable } from '../api/result-rows';
import { count } from '../figures/format';
import { Notice } from '../states/states';

/** Rows of a result that a page adds up by itself: more would make it slow. */
export const MOST_ROWS = 100_000;

/** Sums over some of the rows must not look like sums over all. */
export function Truncated({ table }: { readonly table: ResultTable }) {
  if (table.rows.length >= table.total) return null;
  return (
    <Notice>
      These charts are of the first {count(table.rows.length)} of {count(table.total)} rows: the downloads
      have all.
    </Notice>
  );
}
