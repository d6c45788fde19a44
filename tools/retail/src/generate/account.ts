import type { Sale } from './sales';
import { rupees } from './rupees';

export interface Figures {
  readonly rows: number;
  /** Rupees with two decimals. */
  readonly amount: string;
}

/** What a file holds. */
export interface DayFigures extends Figures {
  /** Like 2025-01-31. */
  readonly date: string;
  readonly file: string;
  /** By product, in the order of their names. */
  readonly products: Readonly<Record<string, Figures>>;
}

/** What all files of a run hold. */
export interface SalesFigures {
  readonly files: readonly string[];
  readonly rows: number;
  /** Rupees with two decimals. */
  readonly totalAmount: string;
  readonly distinctProducts: number;
  readonly days: readonly DayFigures[];
}

class Sum {
  rows = 0;
  paise = 0;

  add(paise: number): void {
    this.rows += 1;
    this.paise += paise;
  }

  get figures(): Figures {
    return { rows: this.rows, amount: rupees(this.paise) };
  }
}

/** Counts the sales of a day in whole paise while they are made: a truth that knows nothing of how they are written or read. */
export class DayTally {
  readonly sum = new Sum();
  private readonly products = new Map<string, Sum>();

  constructor(
    private readonly date: string,
    private readonly file: string,
  ) {}

  add({ item, amountPaise }: Sale): void {
    let product = this.products.get(item.name);
    if (product === undefined) this.products.set(item.name, (product = new Sum()));
    product.add(amountPaise);
    this.sum.add(amountPaise);
  }

  get figures(): DayFigures {
    const products = [...this.products].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      date: this.date,
      file: this.file,
      ...this.sum.figures,
      products: Object.fromEntries(products.map(([name, sum]) => [name, sum.figures])),
    };
  }
}

/** The account of a run: only of files that have got their names. */
export class SalesAccount {
  private readonly days: DayFigures[] = [];
  private paise = 0;
  private rows = 0;

  add(tally: DayTally): void {
    this.days.push(tally.figures);
    this.paise += tally.sum.paise;
    this.rows += tally.sum.rows;
  }

  get figures(): SalesFigures {
    const products = new Set(this.days.flatMap((day) => Object.keys(day.products)));
    return {
      files: this.days.map(({ file }) => file),
      rows: this.rows,
      totalAmount: rupees(this.paise),
      distinctProducts: products.size,
      days: this.days,
    };
  }
}
