import { RecordBatchReader, Type, Vector, type Data, type DataType as ArrowType } from 'apache-arrow';
import { ProtocolError } from '../errors/spark-connect-error';
import type { Row, RowValue } from '../types/row';
import { Timestamp } from '../types/timestamp';
import { dateText, decimalText } from './exact-text';

type ReadValue = (index: number) => RowValue;

/**
 * Decodes one `arrow_batch`, which is a self-contained Arrow IPC stream.
 * Values are read from the column buffers, not through Arrow's own accessors, where those lose digits (timestamps, decimals, dates).
 */
export function decodeRows(data: Uint8Array): Row[] {
  const rows: Row[] = [];
  for (const batch of RecordBatchReader.from(data)) {
    const names = batch.schema.fields.map((field) => field.name);
    const readers = batch.data.children.map(readerOf);
    for (let index = 0; index < batch.numRows; index += 1) {
      rows.push(Object.fromEntries(readers.map((read, column) => [names[column] ?? '', read(index)])));
    }
  }
  return rows;
}

function readerOf(data: Data): ReadValue {
  const read = valueReaderOf(data);
  return data.nullable ? (index) => (data.getValid(index) ? read(index) : null) : read;
}

function valueReaderOf(data: Data): ReadValue {
  switch (data.typeId) {
    case Type.Null:
      return () => null;
    case Type.Timestamp:
      return timestampReader(data);
    case Type.Date:
      return (index) => dateText((data.values as Int32Array)[index] ?? 0);
    case Type.Decimal:
      return decimalReader(data);
    case Type.Duration:
      return (index) => (data.values as BigInt64Array)[index] ?? 0n;
    case Type.Interval:
      return (index) => (data.values as Int32Array)[index] ?? 0;
    case Type.List:
      return listReader(data);
    case Type.Map:
      return mapReader(data);
    case Type.Struct:
      return structReader(data);
    default:
      return plainReader(data);
  }
}

const MICROS_PER_UNIT: readonly bigint[] = [1_000_000n, 1_000n, 1n];

function timestampReader(data: Data): ReadValue {
  const { unit } = data.type as ArrowType & { readonly unit: number };
  const factor = MICROS_PER_UNIT[unit];
  if (factor === undefined) throw new ProtocolError('nanosecond timestamps are not a Spark type');
  const values = data.values as BigInt64Array;
  return (index) => new Timestamp((values[index] ?? 0n) * factor);
}

function decimalReader(data: Data): ReadValue {
  const { scale, bitWidth } = data.type as ArrowType & { readonly scale: number; readonly bitWidth: number };
  const words = data.values as Uint32Array;
  const width = bitWidth / 32;
  return (index) => decimalText(words.subarray(index * width, (index + 1) * width), scale);
}

function listReader(data: Data): ReadValue {
  const read = readerOf(childOf(data, 0));
  return (index) => {
    const [start, end] = bounds(data, index);
    return Array.from({ length: end - start }, (_, offset) => read(start + offset));
  };
}

function mapReader(data: Data): ReadValue {
  const entries = childOf(data, 0);
  const [readKey, readValue] = [readerOf(childOf(entries, 0)), readerOf(childOf(entries, 1))];
  return (index) => {
    const [start, end] = bounds(data, index);
    const map = new Map<RowValue, RowValue>();
    for (let at = start; at < end; at += 1) map.set(readKey(at), readValue(at));
    return map;
  };
}

function structReader(data: Data): ReadValue {
  const { children: fields } = data.type as ArrowType & {
    readonly children: readonly { readonly name: string }[];
  };
  const readers = data.children.map(
    (child, column) => [fields[column]?.name ?? '', readerOf(child)] as const,
  );
  return (index) => Object.fromEntries(readers.map(([name, read]) => [name, read(index)]));
}

/** Booleans, integers, floats, strings and bytes: Arrow's accessor is exact for these. */
function plainReader(data: Data): ReadValue {
  const vector = new Vector([data]);
  return (index) => {
    const value: unknown = vector.get(index);
    if (isPlain(value)) return value;
    throw new ProtocolError(`the server sent an Arrow type this client does not read: ${Type[data.typeId]}`);
  };
}

function isPlain(value: unknown): value is string | number | bigint | boolean | null | Uint8Array {
  return (
    value === null ||
    value instanceof Uint8Array ||
    ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  );
}

function childOf(data: Data, index: number): Data {
  const child = data.children[index];
  if (child === undefined)
    throw new ProtocolError(`Arrow column of type ${Type[data.typeId]} without its values`);
  return child;
}

function bounds(data: Data, index: number): readonly [start: number, end: number] {
  const offsets = data.valueOffsets as Int32Array;
  return [offsets[index] ?? 0, offsets[index + 1] ?? 0];
}
