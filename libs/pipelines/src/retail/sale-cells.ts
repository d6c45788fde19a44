import type { Column } from 'spark-connect-js';
import { coalesce, lit, round, try_multiply } from 'spark-connect-js/functions';
import { exactNumberOf, firstText, textOf } from '../file-cells';
import type { FileRows } from '../file-cells';

const UNKNOWN_PRODUCT = 'UNKNOWN';
/** Where a row may say what was sold, and for how much: the first that can be read counts, of each row by itself. */
const PRODUCTS = ['product', 'item'];
const PRICES = ['unit_price', 'price'];

/** Up to 9,999,999,999,999.99: as a double too it keeps its cents. */
export const MONEY = 'decimal(15,2)';
/** Below 10^12, so that the product of two has all their digits. */
const FACTOR = 'decimal(18,6)';

export const NO_MONEY = lit(0).cast(MONEY);

export const productOf = (rows: FileRows): Column =>
  coalesce(firstText(rows, PRODUCTS), lit(UNKNOWN_PRODUCT));

export const priceOf = (rows: FileRows): Column =>
  coalesce(...PRICES.map((name) => exactNumberOf(textOf(rows, name))));

/** Null where it cannot be read. */
export const amountIn = (rows: FileRows, name: string): Column => moneyOf(exactNumberOf(textOf(rows, name)));

/** Null where one of them cannot be read, or is no factor. */
export function quantityTimesPrice(rows: FileRows): Column {
  const quantity = exactNumberOf(textOf(rows, 'quantity'));
  return moneyOf(try_multiply(quantity.tryCast(FACTOR), priceOf(rows).tryCast(FACTOR)));
}

/** Half a cent and more is a cent; null where it is too much to be kept exactly. */
const moneyOf = (number: Column): Column => round(number, 2).tryCast(MONEY);
