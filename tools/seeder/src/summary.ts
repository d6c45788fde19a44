import type { Counts } from '@millrace/generator';

interface Line {
  readonly events: number;
  readonly amount: number;
}

/** What the history holds, as a small table for people. */
export function summaryTable({
  distinctValid,
  fraudulent,
  firstEventTime,
  lastEventTime,
  totals,
}: Counts): string {
  const percent = (part: number) => `${((part * 100) / Math.max(1, distinctValid)).toFixed(2)} %`;
  const line = (name: string, { events, amount }: Line) =>
    cells(name, String(events), percent(events), (amount / Math.max(1, events)).toFixed(2));
  const categories = Object.entries(totals.category).sort(([, a], [, b]) => b.events - a.events);
  const amount = categories.reduce((sum, [, each]) => sum + each.amount, 0);
  const dayOf = (time: string | null) => time?.slice(0, 10) ?? '-';
  return [
    cells('category', 'records', 'share', 'average order'),
    ...categories.map(([name, each]) => line(name, each)),
    line('total', { events: distinctValid, amount }),
    '',
    `date range      ${dayOf(firstEventTime)} to ${dayOf(lastEventTime)}`,
    `fraud rate      ${percent(fraudulent)}`,
  ].join('\n');
}

const cells = (name: string, records: string, share: string, value: string): string =>
  `${name.padEnd(16)}${records.padStart(12)}${share.padStart(10)}${value.padStart(16)}`;
