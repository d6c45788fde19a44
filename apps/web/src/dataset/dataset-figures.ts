import type { ResultColumn, ResultTable, Row } from '../api/result-rows';
import type { SeriesChart } from '../charts/series-chart';
import type { Tile } from '../charts/tiles';
import { sumsBy } from '../figures/cents';
import { amountFormat, cell, count, percent, words } from '../figures/format';

const RECORDS = 'record_count';
const MOST_SEGMENTS = 10;
const DIMENSIONS_OF_A_SEGMENT = 2;

/** What the columns of a daily result are: its day, then its dimensions, then counts, sums, averages and rates. */
export interface DailyColumns {
  readonly day: string;
  readonly dimensions: readonly string[];
  /** What can be added up: the first sum, else the records. */
  readonly measure: string;
}

export function dailyColumns(columns: readonly ResultColumn[]): DailyColumns {
  const names = columns.map(({ name }) => name);
  const records = names.indexOf(RECORDS);
  const [day = RECORDS, ...dimensions] = names.slice(0, records);
  const measure = names.slice(records + 1).find((name) => name.startsWith('sum_')) ?? RECORDS;
  return { day, dimensions, measure };
}

export function trend({ columns, rows }: ResultTable, currency: string | null): SeriesChart {
  const { day, measure } = dailyColumns(columns);
  const days = sumsBy(rows, (row) => String(row[day]), amountOf(measure));
  return { kind: 'line', labelName: 'day', ...points([...days], measure, currency) };
}

/** The combinations of the first dimensions with the most of the measure, over all days. */
export function topSegments({ columns, rows }: ResultTable, currency: string | null): SeriesChart {
  const { dimensions, measure } = dailyColumns(columns);
  const named = dimensions.slice(0, DIMENSIONS_OF_A_SEGMENT);
  const keyOf = (row: Row) => named.map((name) => String(row[name])).join(' · ');
  const sums = [...sumsBy(rows, keyOf, amountOf(measure))].sort(([, a], [, b]) => b - a);
  return {
    kind: 'bar',
    labelName: named.map(words).join(' · ').toLowerCase(),
    ...points(sums.slice(0, MOST_SEGMENTS), measure, currency),
  };
}

const amountOf =
  (measure: string) =>
  (row: Row): number => {
    const value = row[measure];
    return typeof value === 'number' ? value : 0;
  };

function points(sums: readonly (readonly [string, number])[], measure: string, currency: string | null) {
  const column = { name: measure, type: measure === RECORDS ? 'bigint' : 'double' };
  return {
    valueName: measureName(measure).toLowerCase(),
    points: sums.map(([label, value]) => ({ label, value })),
    format: (value: number) => measureCell(value, column, currency),
  };
}

/** One tile for each figure that the definition asks for. */
export function figureTiles(
  { columns, rows: [figures] }: ResultTable,
  currency: string | null,
): readonly Tile[] {
  return columns.map((column) => ({
    name: measureName(column.name),
    value: measureCell(figures?.[column.name], column, currency),
  }));
}

/** A cell of a result, by what the name of its column says of it. */
export function measureCell(value: unknown, column: ResultColumn, currency: string | null): string {
  if (typeof value !== 'number') return cell(value, column);
  if (column.name.startsWith('rate_')) return percent(value);
  if (/^(sum|avg)_/.test(column.name)) return amountFormat(currency)(value);
  return column.type === 'bigint' ? count(value) : cell(value, column);
}

const READINGS = { sum: 'Total', avg: 'Average', count: 'Count of', rate: 'Share of' } as const;

/** `sum_amount` -> `Total amount`. */
export function measureName(column: string): string {
  if (column === RECORDS) return 'Records';
  const [, kind, name] = /^(sum|avg|count|rate)_(.+)$/.exec(column) ?? [];
  if (kind === undefined || name === undefined) return words(column);
  return `${READINGS[kind as keyof typeof READINGS]} ${words(name).toLowerCase()}`;
}
