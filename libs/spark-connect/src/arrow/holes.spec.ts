import { lit, typedlit } from '../functions/core';
import { ArrayType, IntegerType, LongType, StructType } from '../types/data-type';
import { decodeRows } from './arrow-decoder';
import { encodeRows } from './arrow-encoder';
import { inferSchema } from './infer-schema';

const sparse = (): number[] => {
  const list = [1];
  list[2] = 3;
  return list;
};

describe('a hole in an array', () => {
  it('is NULL in rows', () => {
    const rows = [{ a: sparse() }, { a: [7, 8] }];
    expect(decodeRows(encodeRows(rows, inferSchema(rows)))).toEqual([{ a: [1n, null, 3n] }, { a: [7n, 8n] }]);
  });

  it('is NULL in a row that is a list', () => {
    const schema = new StructType().add('a', LongType).add('b', LongType).add('c', LongType);
    expect(decodeRows(encodeRows([sparse()], schema))).toEqual([{ a: 1n, b: null, c: 3n }]);
  });

  it('is refused where the array contains no NULL', () => {
    const type = new ArrayType(LongType, false);
    expect(() => encodeRows([{ a: sparse() }], new StructType().add('a', type))).toThrow(TypeError);
    expect(() => typedlit(sparse(), type)).toThrow('null in an array that contains none');
  });

  it('is NULL in a literal', () => {
    const nulled = [1, null, 3];
    const type = new ArrayType(IntegerType);
    expect(lit(sparse()).expression).toEqual(lit(nulled).expression);
    expect(typedlit(sparse(), type).expression).toEqual(typedlit(nulled, type).expression);
  });

  it('is no row', () => {
    const rows: [number][] = [[1]];
    rows[2] = [3];
    expect(() => inferSchema(rows)).toThrow('rows must be all plain objects or all lists');
  });
});
