import { Random } from '@millrace/generator';
import { DISCOUNT_PERCENTS, QUANTITIES, SOLD_ITEMS, STORES } from './catalogue';
import type { MenuItem, Store } from './catalogue';

/** One row of a day's file. */
export interface Sale {
  /** `20250131-0001`: the date and the number within the day, with more digits from 10000 on. */
  readonly orderId: string;
  readonly store: Store;
  readonly item: MenuItem;
  readonly quantity: number;
  /** After the discount. */
  readonly unitPaise: number;
  /** `quantity * unitPaise`. */
  readonly amountPaise: number;
}

/** What decides the sales of a day. */
export interface DayOfSales {
  /** Like 2025-01-31. */
  readonly date: string;
  readonly transactions: number;
  readonly seed: string;
}

/**
 * The sales of one day in the order of their ids. They depend on the seed and the date only: another number of transactions adds
 * or takes away at the end, and other days change nothing.
 */
export function* salesOf({ date, transactions, seed }: DayOfSales): Generator<Sale> {
  const random = Random.of('retail', seed, date);
  const day = date.replaceAll('-', '');
  for (let number = 1; number <= transactions; number++) {
    const item = SOLD_ITEMS.pick(random);
    const store = random.pick(STORES);
    const quantity = QUANTITIES.pick(random);
    const unitPaise = (item.basePaise / 100) * (100 - DISCOUNT_PERCENTS.pick(random));
    const orderId = `${day}-${String(number).padStart(4, '0')}`;
    yield { orderId, store, item, quantity, unitPaise, amountPaise: quantity * unitPaise };
  }
}
