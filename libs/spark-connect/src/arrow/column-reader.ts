import {
  IntervalUnit,
  Type,
  type Data,
  type DataType as ArrowType,
  type Field,
  type Vector,
} from 'apache-arrow';
import { ProtocolError } from '../errors/spark-connect-error';
import type { RowValue } from '../types/row';
import { Timestamp } from '../types/timestamp';
import { decimalReader } from './decimal-reader';
import { dateText } from './exact-text';
import { rowMaker } from './row-maker';
import { textReader, type Bounds } from './text-reader';

/** Gives the value of one row. */
export type ReadValue = (at: number) => RowValue;

/**
 * A reader of one column. What can be done for the whole column at once is done here, so that one value costs next to nothing. Values
 * come from the column's buffers and not from Arrow's own accessors, which lose digits (timestamps, decimals), give another kind of
 * value (dates) or drop a leading U+FEFF.
 */
export function readerOf(data: Data): ReadValue {
  const nullCount = data.typeId === Type.Null ? data.length : data.nullCount;
  if (nullCount === data.length) return () => null;
  const read = valueReaderOf(data);
  if (nullCount === 0) return read;
  const { nullBitmap, offset } = data;
  return (at) => (bitOf(nullBitmap, offset + at) ? read(at) : null);
}

function bitOf(bits: Uint8Array, at: number): boolean {
  return (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

function valueReaderOf(data: Data): ReadValue {
  switch (data.typeId) {
    case Type.Bool:
      return (at) => bitOf(data.values as Uint8Array, data.offset + at);
    case Type.Int:
      return integerReader(data);
    case Type.Float:
      return floatReader(data);
    case Type.Utf8:
    case Type.LargeUtf8:
      return textReader(data.values as Uint8Array, boundsOf(data));
    case Type.Binary:
    case Type.LargeBinary:
      return bytesReader(data);
    default:
      return timeReaderOf(data);
  }
}

function timeReaderOf(data: Data): ReadValue {
  switch (data.typeId) {
    case Type.Timestamp:
      return timestampReader(data);
    case Type.Date:
      return dateReader(data.values as Int32Array);
    case Type.Decimal:
      return decimalReaderOf(data);
    case Type.Duration:
      return microsReader(data);
    case Type.Interval:
      return intervalReader(data);
    default:
      return nestedReaderOf(data);
  }
}

function nestedReaderOf(data: Data): ReadValue {
  switch (data.typeId) {
    case Type.List:
    case Type.LargeList:
      return listReader(data);
    case Type.Map:
      return mapReader(data);
    case Type.Struct:
      return structReader(data);
    case Type.Dictionary:
      return dictionaryReader(data);
    default:
      throw unreadable(data.type);
  }
}

// One function for each kind of array: V8 reads quickly only where it always meets the same kind.

function integerReader({ values }: { readonly values: unknown }): ReadValue {
  if (values instanceof BigInt64Array) return (at) => values[at] ?? 0n;
  if (values instanceof Int32Array) return (at) => values[at] ?? 0;
  if (values instanceof Int16Array) return (at) => values[at] ?? 0;
  const others = values as Int8Array;
  return (at) => others[at] ?? 0;
}

function floatReader(data: Data): ReadValue {
  const values: unknown = data.values;
  if (values instanceof Float64Array) return (at) => values[at] ?? 0;
  if (values instanceof Float32Array) return (at) => values[at] ?? 0;
  throw unreadable(data.type);
}

function boundsOf(data: Data): Bounds {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  // Those of Arrow's large types have 64 bits.
  return offsets instanceof BigInt64Array ? Float64Array.from(offsets, Number) : offsets;
}

function bytesReader(data: Data): ReadValue {
  const bytes = data.values as Uint8Array;
  const bounds = boundsOf(data);
  // A copy: a view would keep the whole batch in memory for as long as the value lives.
  return (at) => bytes.slice(bounds[at], bounds[at + 1]);
}

function dateReader(days: Int32Array): ReadValue {
  const texts = new Map<number, string>();
  return (at) => {
    const day = days[at] ?? 0;
    const known = texts.get(day);
    if (known !== undefined) return known;
    const text = dateText(day);
    texts.set(day, text);
    return text;
  };
}

function timestampReader(data: Data): ReadValue {
  const microsAt = microsReader(data);
  return (at) => new Timestamp(microsAt(at));
}

/** By Arrow's number of the unit: seconds, milliseconds, microseconds. Spark has no finer one. */
const MICROS_PER_UNIT: readonly bigint[] = [1_000_000n, 1_000n, 1n];

function microsReader(data: Data): (at: number) => bigint {
  const factor = MICROS_PER_UNIT[(data.type as ArrowType & { readonly unit: number }).unit];
  if (factor === undefined) throw unreadable(data.type);
  const values = data.values as BigInt64Array;
  return factor === 1n ? (at) => values[at] ?? 0n : (at) => (values[at] ?? 0n) * factor;
}

function decimalReaderOf(data: Data): ReadValue {
  const { scale, bitWidth } = data.type as ArrowType & { readonly scale: number; readonly bitWidth: number };
  if (bitWidth !== 128) throw unreadable(data.type);
  return decimalReader(data.values as Uint32Array, scale, data.length);
}

function intervalReader(data: Data): ReadValue {
  const { unit } = data.type as ArrowType & { readonly unit: IntervalUnit };
  const words = data.values as Int32Array;
  if (unit === IntervalUnit.YEAR_MONTH) return (at) => words[at] ?? 0;
  if (unit !== IntervalUnit.MONTH_DAY_NANO) throw unreadable(data.type);
  const nanoseconds = new BigInt64Array(words.buffer, words.byteOffset, words.length / 2);
  return (at) => ({
    months: words[at * 4] ?? 0,
    days: words[at * 4 + 1] ?? 0,
    microseconds: (nanoseconds[at * 2 + 1] ?? 0n) / 1000n,
  });
}

function listReader(data: Data): ReadValue {
  const read = readerOf(childOf(data, 0));
  const bounds = boundsOf(data);
  return (row) => {
    const list: RowValue[] = [];
    const end = bounds[row + 1] ?? 0;
    for (let at = bounds[row] ?? 0; at < end; at += 1) list.push(read(at));
    return list;
  };
}

function mapReader(data: Data): ReadValue {
  const entries = childOf(data, 0);
  const readKey = readerOf(childOf(entries, 0));
  const readValue = readerOf(childOf(entries, 1));
  const bounds = boundsOf(data);
  return (row) => {
    const map = new Map<RowValue, RowValue>();
    const end = bounds[row + 1] ?? 0;
    for (let at = bounds[row] ?? 0; at < end; at += 1) map.set(readKey(at), readValue(at));
    return map;
  };
}

function structReader(data: Data): ReadValue {
  const { children: fields } = data.type as ArrowType & { readonly children: readonly Field[] };
  return rowMaker(
    fields.map((field) => field.name),
    data.children.map(readerOf),
  );
}

/** Spark sends none; Arrow's own builders make them of strings. */
function dictionaryReader(data: Data): ReadValue {
  const chunks = (data.dictionary as Vector).data as readonly Data[];
  const words = chunks.flatMap((chunk) => {
    const read = readerOf(chunk);
    return Array.from({ length: chunk.length }, (_, at) => read(at));
  });
  const indices = data.values as Int32Array;
  return (at) => words[indices[at] ?? 0] ?? null;
}

function childOf(data: Data, index: number): Data {
  const child = data.children[index];
  if (child === undefined) throw new ProtocolError('an Arrow column lacks the values inside it');
  return child;
}

function unreadable(type: ArrowType): ProtocolError {
  return new ProtocolError(`the server sent an Arrow type this client does not read: ${Type[type.typeId]}`);
}
