import { decimalText } from './exact-text';
import { asciiReader } from './text-reader';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const WORD = 2 ** 32;
/** High words of the integers that a double holds exactly. */
const EXACT_HIGH_WORDS = 2 ** 21;
/** With more digits behind the point than a double holds there would be leading zeros that make a text longer than the longest. */
const LARGEST_EXACT_SCALE = 15;
/** 16 digits, a sign and a point. */
const LONGEST_EXACT_TEXT = 18;

/**
 * Reads the texts of a column of 128-bit decimals: two's complement in four little-endian 32-bit words a value, `scale` digits of each
 * behind the point. Values that a double holds exactly, nearly all in practice, are written digit by digit, all others through BigInt.
 */
export function decimalReader(words: Uint32Array, scale: number, length: number): (at: number) => string {
  const readAny = (at: number): string => decimalText(words.subarray(at * 4, at * 4 + 4), scale);
  if (scale < 0 || scale > LARGEST_EXACT_SCALE) return readAny;
  const text = Buffer.allocUnsafe(length * LONGEST_EXACT_TEXT);
  const bounds = new Int32Array(length + 1);
  let end = 0;
  for (let at = 0; at < length; at += 1) {
    const value = exactNumber(words, at * 4);
    if (value !== undefined) end = writeDecimal(text, end, value, scale);
    bounds[at + 1] = end;
  }
  const readExact = asciiReader(text.subarray(0, end), bounds);
  return (at) => (bounds[at] === bounds[at + 1] ? readAny(at) : readExact(at));
}

/** The value of the words at `at`, where a double holds it exactly. */
function exactNumber(words: Uint32Array, at: number): number | undefined {
  const high = (words[at + 1] ?? 0) | 0;
  const extension = high >> 31;
  if (((words[at + 2] ?? 0) | 0) !== extension || ((words[at + 3] ?? 0) | 0) !== extension) return undefined;
  if (high >= EXACT_HIGH_WORDS || high < -EXACT_HIGH_WORDS) return undefined;
  return high * WORD + (words[at] ?? 0);
}

/** Writes from `start` on and returns the end. */
function writeDecimal(text: Uint8Array, start: number, value: number, scale: number): number {
  if (value >= 0) return writeDigits(text, start, value, scale);
  text[start] = MINUS;
  return writeDigits(text, start + 1, -value, scale);
}

function writeDigits(text: Uint8Array, start: number, value: number, scale: number): number {
  const end = start + Math.max(digitsOf(value), scale + 1) + (scale > 0 ? 1 : 0);
  const point = scale > 0 ? end - scale - 1 : -1;
  let rest = value;
  for (let at = end - 1; at >= start; at -= 1) {
    if (at === point) {
      text[at] = POINT;
      continue;
    }
    const tenth = Math.floor(rest / 10);
    text[at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return end;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits += 1;
  return digits;
}
