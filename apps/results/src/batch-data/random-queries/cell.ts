/** Types of the columns of random tables, as the Delta protocol spells them, except of arrays. */
export type CellType =
  | 'string'
  | 'long'
  | 'integer'
  | 'short'
  | 'byte'
  | 'float'
  | 'double'
  | 'boolean'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'array<string>'
  | `decimal(${number},${number})`;

/**
 * A value of the model: whole numbers, days, microseconds and the digits of decimals as bigint, floating point as number,
 * binary as base64.
 */
export type Cell = string | bigint | number | boolean | readonly (string | null)[] | null;

const MICROS_PER_MS = 1_000n;
const MS_PER_DAY = 86_400_000;

/** What a decimal type says. */
export function decimalOf(type: CellType): { precision: number; scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : { precision: Number(precision), scale: Number(scale) };
}

export const isComparable = (type: CellType): boolean => type !== 'binary' && type !== 'array<string>';

/** As Spark compares: nulls lowest, texts by their bytes, NaN as the greatest number, both zeros equal. */
export function compareCells(one: Cell, other: Cell): number {
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  if (typeof one === 'string') return compareTexts(one, String(other));
  if (Number.isNaN(one) || Number.isNaN(other))
    return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
  return one < other ? -1 : Number(one > other);
}

/** With these, code units order otherwise than the bytes of UTF-8 do. */
const OUT_OF_ORDER = /[\uD800-\uFFFF]/;

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  const isByByte = OUT_OF_ORDER.test(one) || OUT_OF_ORDER.test(other);
  if (isByByte) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
}

const floorOf = (value: bigint, unit: bigint) => (value - (((value % unit) + unit) % unit)) / unit;

/** Up to the millisecond below it. */
export function isoMillis(micros: bigint): string {
  return new Date(Number(floorOf(micros, MICROS_PER_MS))).toISOString().slice(0, -1);
}

/** With all digits of a second, without a zone. */
export function isoMicros(micros: bigint): string {
  const rest = micros - floorOf(micros, MICROS_PER_MS) * MICROS_PER_MS;
  return isoMillis(micros) + String(rest).padStart(3, '0');
}

export const isoDay = (days: bigint) => new Date(Number(days) * MS_PER_DAY).toISOString().slice(0, 10);

export function decimalText(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${text.slice(-scale)}`}`;
}

export const numberText = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

/** An instant as answers have it: six digits of a second only where the last three are not zero. */
function shownTime(micros: bigint): string {
  return isoMicros(micros).replace(/(\.\d{3})000$/, '$1');
}

/** What answers show of a value that is not null, in JSON without quotes around it. */
export function shownText(type: CellType, cell: NonNullable<Cell>): string {
  if (typeof cell === 'object') return JSON.stringify(cell);
  if (typeof cell === 'number') return numberText(cell);
  if (typeof cell !== 'bigint') return String(cell);
  if (type === 'date') return isoDay(cell);
  if (type === 'timestamp') return `${shownTime(cell)}Z`;
  if (type === 'timestamp_ntz') return shownTime(cell);
  const decimal = decimalOf(type);
  return decimal === undefined ? String(cell) : decimalText(cell, decimal.scale);
}

/** Whether JSON shows it in quotes: what is no number there is a text. */
export function isJsonText(type: CellType, cell: NonNullable<Cell>): boolean {
  if (typeof cell === 'number') return !Number.isFinite(cell);
  return ['string', 'binary', 'date', 'timestamp', 'timestamp_ntz'].includes(type);
}
