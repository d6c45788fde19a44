import { ANALYSES } from '@millrace/domain';
import Table from 'cli-table3';
import type { TableRow } from './gateway-client';

const COLUMNS = ANALYSES.revenue_by_category.columns;

/** The result of `revenue_by_category` as a table for people. */
export function resultTable(rows: readonly TableRow[], useColour: boolean): string {
  const table = new Table({
    head: COLUMNS.map((column) => column.name.replaceAll('_', ' ')),
    colAligns: COLUMNS.map((column) => (column.type === 'string' ? 'left' : 'right')),
    style: { compact: true, ...(!useColour && { head: [], border: [] }) },
  });
  for (const row of rows) table.push(COLUMNS.map((column) => formatCell(row[column.name], column.type)));
  return table.toString();
}

/** Two decimals for amounts, none for counts, always with separators. */
export function formatCell(value: unknown, type: string): string {
  if (value === null || value === undefined) return '-';
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  const number = Number(value);
  const digits = type === 'double' ? 2 : 0;
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
