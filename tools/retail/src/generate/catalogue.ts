import { Weighted } from '@millrace/generator';

export interface MenuItem {
  readonly name: string;
  /** Before any discount: whole rupees, so that a whole percentage of it is whole paise. */
  readonly basePaise: number;
  /** How often it is sold, compared with the others. */
  readonly popularity: number;
}

export interface Store {
  /** City and number, like `BLR-01`. */
  readonly id: string;
  readonly city: string;
}

const item = (name: string, baseRupees: number, popularity: number): MenuItem => ({
  name,
  basePaise: baseRupees * 100,
  popularity,
});

/** What every store sells. */
export const MENU: readonly MenuItem[] = [
  item('Kulhad Chai', 38, 18),
  item('Monsoon Malabar Coffee', 89, 14),
  item('Paneer Kathi Roll', 169, 10),
  item('Misal Pav', 119, 9),
  item('Thecha Cheese Toast', 129, 8),
  item('Tender Coconut Cooler', 109, 7),
  item('Millet Upma Bowl', 134, 6),
  item('Jackfruit Cutlet', 97, 6),
  item('Litti Chokha Plate', 159, 5),
  item('Appam with Stew', 179, 5),
  item('Ragi Jaggery Cookie', 47, 4),
  item('Kashmiri Kahwa', 94, 3),
  item('Saffron Shrikhand Cup', 107, 2),
  item('Rose Falooda', 149, 2),
  item('Bamboo Rice Payasam', 113, 1),
];

const storesOf = (code: string, city: string, count: number): readonly Store[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${code}-${String(index + 1).padStart(2, '0')}`,
    city,
  }));

/** Larger cities have more stores; all stores sell as much. */
export const STORES: readonly Store[] = [
  ...storesOf('BLR', 'Bengaluru', 4),
  ...storesOf('BOM', 'Mumbai', 4),
  ...storesOf('DEL', 'Delhi', 3),
  ...storesOf('HYD', 'Hyderabad', 3),
  ...storesOf('MAA', 'Chennai', 3),
  ...storesOf('PNQ', 'Pune', 2),
  ...storesOf('CCU', 'Kolkata', 2),
  ...storesOf('AMD', 'Ahmedabad', 2),
  ...storesOf('JAI', 'Jaipur', 2),
  ...storesOf('COK', 'Kochi', 2),
  ...storesOf('IDR', 'Indore', 1),
  ...storesOf('GAU', 'Guwahati', 1),
  ...storesOf('BBI', 'Bhubaneswar', 1),
];

/** Items in proportion to their popularity. */
export const SOLD_ITEMS = new Weighted(MENU.map((sold) => [sold, sold.popularity] as const));

/** Units of one sale. */
export const QUANTITIES = new Weighted<number>([
  [1, 0.46],
  [2, 0.28],
  [3, 0.14],
  [4, 0.07],
  [5, 0.05],
]);

/** Promotions: whole percents off the base price. */
export const DISCOUNT_PERCENTS = new Weighted<number>([
  [0, 0.56],
  [5, 0.16],
  [8, 0.1],
  [12, 0.1],
  [15, 0.05],
  [25, 0.03],
]);
