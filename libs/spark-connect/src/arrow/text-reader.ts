import { constants, isAscii } from 'node:buffer';

/** Where each value of a column starts, and where the last one ends. */
export type Bounds = Int32Array | Float64Array;

/** A shorter substring is copied by V8; a longer one would keep the text of the whole column alive as long as it lives itself. */
const SHORTEST_SHARING_SUBSTRING = 13;

/** Reads the texts of a UTF-8 column. Bytes that are no UTF-8 become U+FFFD. */
export function textReader(values: Uint8Array, bounds: Bounds): (at: number) => string {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (isAscii(bytes) && bytes.length <= constants.MAX_STRING_LENGTH) return asciiReader(bytes, bounds);
  return (at) => bytes.toString('utf8', bounds[at], bounds[at + 1]);
}

/** The same for bytes that are all ASCII: one text is made of all of them and cut, which takes a fifth of the time. */
export function asciiReader(bytes: Buffer, bounds: Bounds): (at: number) => string {
  const whole = bytes.toString('latin1');
  return (at) => {
    const start = bounds[at] ?? 0;
    const end = bounds[at + 1] ?? 0;
    const isShort = end - start < SHORTEST_SHARING_SUBSTRING;
    return isShort ? whole.substring(start, end) : bytes.toString('latin1', start, end);
  };
}
