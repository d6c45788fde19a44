import type { ResultColumn, Row } from '../api/result-rows';
import { cell, count, isNumeric, words } from '../figures/format';

interface DataTableProps {
  /** For who cannot see what stands above it. */
  readonly caption: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  /** Rows there are, which may be more than these. */
  readonly total: number;
  readonly format?: (value: unknown, column: ResultColumn) => string;
}

const MOST_ROWS_SHOWN = 100;

export function DataTable({ caption, columns, rows, total, format = cell }: DataTableProps) {
  const shown = rows.slice(0, MOST_ROWS_SHOWN);
  return (
    <>
      <div class="table" role="group" aria-label={caption} tabIndex={0}>
        <table>
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" class={isNumeric(column) ? 'number' : ''}>
                  {words(column.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.name} class={isNumeric(column) ? 'number' : ''}>
                    {format(row[column.name], column)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > shown.length && (
        <p class="note">
          The first {count(shown.length)} of {count(total)} rows; the downloads have all.
        </p>
      )}
    </>
  );
}
