import {
  Field,
  Int32,
  Int64,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  makeData,
  type Data,
} from 'apache-arrow';
import { decodeRows } from './arrow-decoder';
import { ipcOf } from '../testing/arrow-ipc';

describe('rows', () => {
  const ints = (...values: number[]): Data => makeData({ type: new Int32(), data: Int32Array.from(values) });

  it('of no columns are as many as the batch says', () => {
    expect(decodeRows(ipcOf([], 3))).toEqual([{}, {}, {}]);
  });

  it('have the last of two columns of one name', () => {
    expect(
      decodeRows(
        ipcOf([
          ['a', ints(1)],
          ['b', ints(2)],
          ['a', ints(3)],
        ]),
      ),
    ).toEqual([{ a: 3, b: 2 }]);
  });

  it('keep the order of the columns', () => {
    const names = ['z', 'a', ' ', 'a b', 'ü"\\', '\uD800'];
    const [row = {}] = decodeRows(ipcOf(names.map((name, at) => [name, ints(at)] as [string, Data])));
    expect(Object.entries(row)).toEqual(names.map((name, at) => [name === '\uD800' ? '\uFFFD' : name, at]));
  });

  it('have a column called __proto__ like any other, and the prototype of any object', () => {
    const [row = {}] = decodeRows(
      ipcOf([
        ['__proto__', ints(1)],
        ['constructor', ints(2)],
      ]),
    );
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.entries(row)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('do not share anything that can be changed', () => {
    const [first, second] = decodeRows(ipcOf([['a', ints(1, 2)]], 2)) as [
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    first['a'] = 'changed';
    expect(second).toEqual({ a: 2 });
  });

  it('may have more columns than an object has room for', () => {
    const columns = Array.from({ length: 2_000 }, (_, at): [string, Data] => [
      `c${at.toString()}`,
      ints(0, at),
    ]);
    const rows = decodeRows(ipcOf(columns));
    expect(rows).toHaveLength(2);
    expect(Object.entries(rows[1] ?? {})).toEqual(columns.map(([name], at) => [name, at]));
  });

  it('are read from bytes at any address', () => {
    const ipc = ipcOf([['a', makeData({ type: new Int64(), data: BigInt64Array.from([1n, 2n]) })]], 2);
    for (const offset of [1, 4]) {
      const shifted = new Uint8Array(ipc.length + offset).subarray(offset);
      shifted.set(ipc);
      expect(decodeRows(shifted)).toEqual([{ a: 1n }, { a: 2n }]);
    }
  });

  it('of several batches in one stream are all there', () => {
    const field = new Field('a', new Int32(), true);
    const batches = [[1, 2], [], [3]].map(
      (values) =>
        new RecordBatch(
          new Schema([field]),
          makeData({ type: new Struct([field]), length: values.length, children: [ints(...values)] }),
        ),
    );
    const ipc = RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);
    expect(decodeRows(ipc)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });
});
