import { FILTER_OPERATORS } from '@millrace/delta';
import * as fc from 'fast-check';
import { decimalOf, decimalText, isComparable, isoDay, isoMicros, numberText } from './cell';
import type { Cell, CellType } from './cell';
import { allRows } from './model-table';
import type { ModelColumn, ModelFilter, ModelTable, ModelVersion } from './model-table';
import { valueOf } from './random-cell';

/** A condition as a request writes it and as the model understands it. */
export interface RandomFilter {
  readonly text: string;
  readonly model: ModelFilter;
}

interface RandomValue {
  readonly text: string;
  readonly cell: Cell;
}

const MAX_LIST = 4;
const MOST_KNOWN = 60;
/** From the ends of the calendar. */
const FAR = 2n ** 55n;
const MICROS_PER_MINUTE = 60_000_000n;

/** Conditions that a version of a table can be asked for, mostly about values that it has. */
export function randomFilter(table: ModelTable, version: ModelVersion): fc.Arbitrary<RandomFilter> {
  const rows = allRows(table, version);
  const step = Math.max(1, Math.floor(rows.length / MOST_KNOWN));
  const filters = version.columns.flatMap((column, index) => {
    if (column.name.includes(':')) return [];
    const cells = rows.filter((_, row) => row % step === 0).map((row) => row[index] ?? null);
    return [
      filterOf(
        column,
        cells.filter((cell) => cell !== null),
      ),
    ];
  });
  return fc.oneof(...filters);
}

function filterOf({ name, type }: ModelColumn, known: readonly Cell[]): fc.Arbitrary<RandomFilter> {
  const nulls = fc.constantFrom('null', 'notnull').map((operator) => ({
    text: `${name}:${operator}`,
    model: { column: name, operator, values: [] },
  }));
  if (!isComparable(type)) return nulls;
  const cell =
    known.length === 0
      ? valueOf(type)
      : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, valueOf(type));
  const value = cell.chain((one) => beside(type, one)).chain((one) => written(type, one));
  const operators = FILTER_OPERATORS.filter((operator) => !['null', 'notnull', 'in'].includes(operator));
  const compared = fc.tuple(fc.constantFrom(...operators), value).map(([operator, { text, cell: one }]) => ({
    text: `${name}:${operator}:${text}`,
    model: { column: name, operator, values: [one] },
  }));
  const listed = fc.array(value, { minLength: 1, maxLength: MAX_LIST }).map((values) => {
    const text = values.map((one) => one.text).join(',');
    const cells = type === 'string' ? text.split(',') : values.map((one) => one.cell);
    return { text: `${name}:in:${text}`, model: { column: name, operator: 'in', values: cells } };
  });
  return fc.oneof({ weight: 6, arbitrary: compared }, { weight: 2, arbitrary: listed }, nulls);
}

/** A value, or the next one: another microsecond may be within the millisecond that the log notes. */
function beside(type: CellType, cell: Cell): fc.Arbitrary<Cell> {
  const hasNeighbours = ['long', 'timestamp', 'timestamp_ntz'].includes(type);
  if (typeof cell !== 'bigint' || !hasNeighbours || cell ** 2n > FAR ** 2n) return fc.constant(cell);
  return fc.constantFrom(0n, 0n, -1n, 1n).map((step) => cell + step);
}

/** The ways to write a value; another one where it cannot be written. */
function written(type: CellType, cell: Cell): fc.Arbitrary<RandomValue> {
  if (typeof cell === 'number') return fc.constant(writtenNumber(type, cell));
  if (typeof cell === 'string') {
    const text = cell.replaceAll('\0', '');
    return fc.constant({ text, cell: text });
  }
  if (typeof cell !== 'bigint') return fc.constant({ text: String(cell), cell });
  const decimal = decimalOf(type);
  if (decimal !== undefined) return writtenDecimal(cell, decimal.scale);
  if (type === 'date') return fc.constant({ text: isoDay(cell), cell });
  if (type === 'timestamp') return writtenTime(cell);
  if (type === 'timestamp_ntz') return digitsOfSecond(cell).map((text) => ({ text, cell }));
  return fc.constantFrom('', '', '0').map((zeros) => {
    const text = String(cell).replace(/^(-?)(\d{1,18})$/, `$1${zeros}$2`);
    return { text, cell };
  });
}

/** JavaScript writes no point in a large number, and an exponent as the route takes it. */
function writtenNumber(type: CellType, value: number): RandomValue {
  const text = numberText(Number.isFinite(value) ? value : 0);
  return { text, cell: type === 'float' ? Math.fround(Number(text)) : Number(text) };
}

function writtenDecimal(digits: bigint, scale: number): fc.Arbitrary<RandomValue> {
  const text = decimalText(digits, scale);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return fc.constantFrom(text, short).map((one) => ({ text: one, cell: digits }));
}

/** With all of the six digits or without the zeros at the end. */
function digitsOfSecond(micros: bigint): fc.Arbitrary<string> {
  const text = isoMicros(micros);
  return fc.constantFrom(text, text.replace(/\.?0+$/, ''));
}

function writtenTime(cell: bigint): fc.Arbitrary<RandomValue> {
  const minutes = fc.oneof(fc.constant(undefined), fc.integer({ min: -899, max: 899 }));
  return minutes.chain((offset) => {
    const local = cell + BigInt(offset ?? 0) * MICROS_PER_MINUTE;
    const isFar = isoMicros(cell).startsWith('0001') || isoMicros(cell).startsWith('9999');
    // Near the ends of the calendar the time of day of another zone could have five digits of a year, or none.
    if (offset === undefined || isFar)
      return digitsOfSecond(cell).map((text) => ({ text: `${text}Z`, cell }));
    return digitsOfSecond(local).map((text) => ({ text: `${text}${zoneText(offset)}`, cell }));
  });
}

export function zoneText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

/** What no column of a type can be compared with. */
export function wrongValues(type: CellType): readonly string[] {
  const never = ['\0', 'x\0y'];
  if (type === 'string') return never;
  const noText = [
    ...never,
    '',
    ' ',
    'x',
    '1 ',
    "1' OR '1'='1",
    'NULL',
    '1;DROP TABLE x',
    '١',
    '１',
    '\n',
    '😀',
    'z'.repeat(5_000),
  ];
  if (type === 'boolean') return [...noText, 'TRUE', '1', 't'];
  if (type === 'date')
    return [...noText, '2025-02-30', '2025-1-1', '20250115', '2025-01-15T00:00:00Z', '12025-01-01', 'today'];
  if (type === 'timestamp')
    return [...noText, '2025-01-15', ...WRONG_TIMES, '2025-01-15T08:00:00', '2025-01-15T08:00:00+15:00'];
  if (type === 'timestamp_ntz') return [...noText, '2025-01-15', ...WRONG_TIMES, '2025-01-15T08:00:00Z'];
  const tooLarge = type === 'float' ? ['1e39', '-1e39'] : [];
  if (type === 'double' || type === 'float')
    return [...noText, 'NaN', 'Infinity', '1e400', '.5', '1.', '0x1', '1_0', '9'.repeat(400), ...tooLarge];
  return [
    ...noText,
    '1.123',
    '1e1',
    '--1',
    '+1',
    '9'.repeat(39),
    `-${'9'.repeat(400)}`,
    ...(TOO_LARGE[type] ?? []),
  ];
}

const WRONG_TIMES = [
  '2025-01-15T24:00:00Z',
  '2025-01-15T08:60:00Z',
  '2025-13-01T00:00:00Z',
  '2025-01-15 08:00:00Z',
  '2025-01-15T08:00:00.1234567Z',
];
const TOO_LARGE: Readonly<Partial<Record<CellType, readonly string[]>>> = {
  long: ['9223372036854775808', '-9223372036854775809'],
  integer: ['2147483648', '-2147483649'],
  short: ['32768'],
  byte: ['128', '-129'],
  'decimal(10,2)': ['123456789', '0.001'],
  'decimal(2,2)': ['1', '5.00', '-1.5'],
};
