import type { DeltaType, PrimitiveType } from '@millrace/delta';

const MAX_DIGITS_OF_DOUBLE = 400;

interface ValueForm {
  readonly form: string;
  isValue(text: string): boolean;
}

/** A whole number of a type of so many bits. */
function wholeNumber(bits: bigint): ValueForm {
  const limit = 2n ** (bits - 1n);
  return {
    form: `a whole number from ${-limit} to ${limit - 1n}`,
    isValue: (text) => /^-?\d{1,19}$/.test(text) && BigInt(text) >= -limit && BigInt(text) < limit,
  };
}

/** @param nearest number that a column of the type can hold; one that is too large would become an infinity. */
function floatingPoint(nearest: (value: number) => number): ValueForm {
  return {
    form: 'a number like -12.5 or 1e-7',
    isValue: (text) =>
      text.length < MAX_DIGITS_OF_DOUBLE &&
      /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) &&
      Number.isFinite(nearest(Number(text))),
  };
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?/;
const ZONE = /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** By the calendar: there is no 30 February. */
function isDay(text: string): boolean {
  const day = DAY.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function isTime(text: string, isZone: (rest: string) => boolean): boolean {
  const [time, day] = TIME.exec(text) ?? [];
  return time !== undefined && day !== undefined && isDay(day) && isZone(text.slice(time.length));
}

/** How a request writes values, by their type; undefined where it cannot. */
const FORMS: Readonly<Record<PrimitiveType, ValueForm | undefined>> = {
  string: { form: 'a text without U+0000', isValue: (text) => !text.includes('\0') },
  long: wholeNumber(64n),
  integer: wholeNumber(32n),
  short: wholeNumber(16n),
  byte: wholeNumber(8n),
  float: floatingPoint(Math.fround),
  double: floatingPoint((value) => value),
  boolean: { form: 'true or false', isValue: (text) => text === 'true' || text === 'false' },
  binary: undefined,
  date: { form: 'a day like 2025-01-15', isValue: isDay },
  timestamp: {
    form: 'a time with its zone like 2025-01-15T08:00:00Z, to the microsecond (a + is %2B in a URL)',
    isValue: (text) => isTime(text, (rest) => ZONE.test(rest)),
  },
  timestamp_ntz: {
    form: 'a time without a zone like 2025-01-15T08:00:00, to the microsecond',
    isValue: (text) => isTime(text, (rest) => rest === ''),
  },
};

/** How values of a type are written; undefined where they cannot be compared with anything. */
export function valueForm(type: DeltaType): ValueForm | undefined {
  if (type.kind === 'primitive') return FORMS[type.name];
  if (type.kind !== 'decimal') return undefined;
  const { precision, scale } = type;
  // Of a type with all digits behind the point only a zero can be before it.
  const whole = precision === scale ? '0' : `\\d{1,${precision - scale}}`;
  const decimal = new RegExp(`^-?${whole}${scale === 0 ? '' : `(?:\\.\\d{1,${scale}})?`}$`);
  return {
    form: `a number of at most ${precision} digits, ${scale} of them behind the point`,
    isValue: (text) => decimal.test(text),
  };
}
