const MS_PER_DAY = 86_400_000;

/** Days since the epoch as `YYYY-MM-DD`. */
export function dateText(epochDay: number): string {
  return new Date(epochDay * MS_PER_DAY).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** Days since the epoch of a `YYYY-MM-DD` text. */
export function epochDayOf(text: string): number {
  const epochMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(epochMs)) throw new TypeError('a DATE must be written YYYY-MM-DD');
  return epochMs / MS_PER_DAY;
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
 * @throws TypeError when the text is no decimal, or has more digits behind the point.
 */
export function decimalWords(text: string, scale: number): Uint32Array {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > scale) {
    throw new TypeError(`a DECIMAL here must be digits with at most ${String(scale)} behind the point`);
  }
  const digits = BigInt(whole + fraction.padEnd(scale, '0'));
  const unsigned = BigInt.asUintN(128, sign === '-' ? -digits : digits);
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((unsigned >> shift) & 0xffff_ffffn));
}
