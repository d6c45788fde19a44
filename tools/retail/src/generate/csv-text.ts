import { rupees } from './rupees';
import type { Sale } from './sales';

/** The header of every file. */
export const COLUMNS = [
  'order_id',
  'order_date',
  'store_id',
  'store_city',
  'product',
  'quantity',
  'unit_price',
  'amount',
] as const;

const NEEDS_QUOTES = /[",\r\n]/;

/** One line with its end, quoted as RFC 4180 asks. Lines end with LF alone, which every reader of CSV takes. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\n`;
}

const quoted = (cell: string): string => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The line of a sale, its cells in the order of {@link COLUMNS}; prices in rupees. */
export function lineOf(
  date: string,
  { orderId, store, item, quantity, unitPaise, amountPaise }: Sale,
): string {
  return csvLine([
    orderId,
    date,
    store.id,
    store.city,
    item.name,
    String(quantity),
    rupees(unitPaise),
    rupees(amountPaise),
  ]);
}
