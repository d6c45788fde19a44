import type { ResultColumn } from '../api/result-rows';

const NOTHING = '–';

const COUNT = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const DECIMAL = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 });
const SHORT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value: number): string => COUNT.format(value);
export const decimal = (value: number): string => DECIMAL.format(value);
export const percent = (share: number): string => PERCENT.format(share);
/** For the ends of axes, where the exact figure would not fit. */
export const short = (value: number): string => SHORT.format(value);

/** @param currency ISO 4217; null: an amount of nothing known. */
export function amountFormat(currency: string | null): (value: number) => string {
  if (currency === null) return decimal;
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return (value) => format.format(value);
}

/** `2025-01-15 14:30:07 UTC`: the same for everybody who looks. */
export function utcTime(iso: string | null): string {
  return iso === null ? NOTHING : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

export const clockTime = (time: Date): string => utcTime(time.toISOString());

/** `1 h 02 min`, `3.4 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min ${twoDigits(Math.floor(seconds % 60))} s`;
  return `${String(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} min`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `avg_order_value` -> `Avg order value`. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A cell of a table, as its type is written for people. */
export function cell(value: unknown, { type }: ResultColumn): string {
  if (value === null || value === undefined) return NOTHING;
  if (typeof value === 'number')
    return /^(double|float|decimal)/.test(type) ? decimalCell(value) : count(value);
  if (typeof value === 'string') return type.startsWith('timestamp') ? utcTime(value) : value;
  return typeof value === 'object' ? JSON.stringify(value) : `${value as boolean | bigint}`;
}

/** Scores and rates have more decimals than amounts. */
function decimalCell(value: number): string {
  const isAmount = Number.isInteger(Math.round(value * 1e6) / 1e4);
  return isAmount ? decimal(value) : value.toLocaleString(undefined, { maximumFractionDigits: 4 });
}

export const isNumeric = ({ type }: ResultColumn): boolean =>
  /^(double|float|decimal|tinyint|smallint|int|bigint)/.test(type);
