import type { StoredTransaction } from './history';

interface CategoryTotals {
  records: number;
  amountCents: number;
}

/** Counts rows as they pass. */
export class Summary {
  private records = 0;
  private amountCents = 0;
  private frauds = 0;
  private first: string | undefined;
  private last: string | undefined;
  private readonly categories = new Map<string, CategoryTotals>();

  add(row: StoredTransaction): void {
    const cents = Math.round(row.total_amount * 100);
    this.records++;
    this.amountCents += cents;
    if (row.is_fraudulent === true) this.frauds++;
    this.first ??= row.event_date;
    this.last = row.event_date;
    const totals = this.categories.get(row.category) ?? { records: 0, amountCents: 0 };
    totals.records++;
    totals.amountCents += cents;
    this.categories.set(row.category, totals);
  }

  /** A small table for people. */
  toString(): string {
    const sorted = [...this.categories].sort(([, a], [, b]) => b.records - a.records);
    const average = (totals: CategoryTotals) => (totals.amountCents / totals.records / 100).toFixed(2);
    const percent = (part: number) => `${((part * 100) / this.records).toFixed(2)} %`;
    const row = (name: string, records: string, share: string, value: string) =>
      `${name.padEnd(16)}${records.padStart(12)}${share.padStart(10)}${value.padStart(16)}`;
    return [
      row('category', 'records', 'share', 'average order'),
      ...sorted.map(([name, totals]) =>
        row(name, String(totals.records), percent(totals.records), average(totals)),
      ),
      row(
        'total',
        String(this.records),
        percent(this.records),
        average({ records: this.records, amountCents: this.amountCents }),
      ),
      '',
      `date range      ${this.first ?? '-'} to ${this.last ?? '-'}`,
      `fraud rate      ${percent(this.frauds)}`,
    ].join('\n');
  }
}
