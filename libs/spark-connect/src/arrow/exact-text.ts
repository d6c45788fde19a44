const MS_PER_DAY = 86_400_000;

/** From 0000-03-01, the day after a leap day, so that the odd day is the last of its year, of its 4 and of its 400 years. */
const DAYS_BEFORE_EPOCH = 719_468;
const DAYS_PER_400_YEARS = 146_097;

/**
 * Days since the epoch as `YYYY-MM-DD` (proleptic Gregorian), any 32-bit number of days. Years beyond 9999 carry a plus sign and years
 * before 0 a minus sign, as Spark writes them.
 */
export function dateText(epochDay: number): string {
  const day = epochDay + DAYS_BEFORE_EPOCH;
  const era = Math.floor(day / DAYS_PER_400_YEARS);
  const dayOfEra = day - era * DAYS_PER_400_YEARS;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Months from March on take 153 days in fives.
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
}

function yearText(year: number): string {
  const digits = Math.abs(year).toString().padStart(4, '0');
  if (year < 0) return `-${digits}`;
  return year > 9999 ? `+${digits}` : digits;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value.toString()}` : value.toString();
}

/**
 * Days since the epoch of a text as {@link dateText} writes it: `YYYY-MM-DD`, `+YYYYY-MM-DD` or `-YYYY-MM-DD`.
 * @throws TypeError when it is written otherwise, RangeError when a DATE has no such day.
 */
export function epochDayOf(text: string): number {
  const parts = /^(\d{4}|\+\d{5,7}|-\d{4,7})-(\d{2})-(\d{2})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) throw new TypeError('a DATE must be written YYYY-MM-DD');
  const [year = 0, month = 0, day = 0] = parts;
  // The calendar repeats itself: JavaScript counts within the years 2000 to 2399, since it does not know all years of a DATE.
  const era = Math.floor((year - 2000) / 400);
  const epochDay = Date.UTC(year - era * 400, month - 1, day) / MS_PER_DAY + era * DAYS_PER_400_YEARS;
  // Date.UTC takes February 30 for a day of March.
  const isDay = (epochDay | 0) === epochDay && dateText(epochDay) === text;
  if (!isDay) throw new RangeError(`there is no day ${text}`);
  return epochDay;
}

/** A two's complement number in little-endian 32-bit words, as decimal digits with `scale` of them behind the point. */
export function decimalText(words: Uint32Array, scale: number): string {
  let unsigned = 0n;
  for (let at = words.length - 1; at >= 0; at -= 1) unsigned = (unsigned << 32n) | BigInt(words[at] ?? 0);
  const value = BigInt.asIntN(words.length * 32, unsigned);
  const digits = (value < 0n ? -value : value).toString();
  const sign = value < 0n ? '-' : '';
  if (scale <= 0) return `${sign}${digits}${'0'.repeat(value === 0n ? 0 : -scale)}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/**
 * A decimal text as a 128-bit two's complement number of `scale` digits behind the point, in little-endian 32-bit words.
 * @throws TypeError when the text is no decimal, RangeError when it has more digits behind the point.
 */
export function decimalWords(text: string, scale: number): Uint32Array {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') throw new TypeError("a DECIMAL must be written as its digits, such as '12.50'");
  if (fraction.length > scale)
    throw new RangeError(`a DECIMAL here has at most ${String(scale)} digits behind the point`);
  const digits = BigInt(whole + fraction.padEnd(scale, '0'));
  const unsigned = BigInt.asUintN(128, sign === '-' ? -digits : digits);
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((unsigned >> shift) & 0xffff_ffffn));
}
