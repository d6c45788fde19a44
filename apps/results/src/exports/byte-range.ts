/** Bytes of a file, the last one included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One range: from a byte to another or to the end, or the last so many. */
const RANGE = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i;

/**
 * What a header `Range` asks of a file. Undefined where all of it is to be sent: without the header, and for what it may hold besides one
 * range of bytes (RFC 9110, 14.2).
 *
 * @param size of the file, at least 1.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [range, first = '', last = '', suffix] = RANGE.exec(header?.trim() ?? '') ?? [];
  if (range === undefined) return undefined;
  return suffix === undefined ? bytesFrom(Number(first), last, size) : lastBytes(Number(suffix), size);
}

function bytesFrom(start: number, last: string, size: number): ReturnType<typeof byteRange> {
  const end = last === '' ? Number.POSITIVE_INFINITY : Number(last);
  if (start > end) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(end, size - 1) };
}

function lastBytes(count: number, size: number): ByteRange | 'unsatisfiable' {
  return count === 0 ? 'unsatisfiable' : { start: Math.max(0, size - count), end: size - 1 };
}
