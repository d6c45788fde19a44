import { lit, typedlit } from '../functions/core';
import { ArrayType, DoubleType, LongType, StructType } from '../types/data-type';
import { encodeRows } from './arrow-encoder';
import { inferSchema } from './infer-schema';

const literalCase = (value: number) => {
  const { exprType } = lit(value).expression;
  return exprType.case === 'literal' ? exprType.value.literalType.case : exprType.case;
};
const inferred = (...values: readonly (number | bigint)[]) =>
  inferSchema(values.map((a) => ({ a }))).fields[0]?.dataType.kind;

describe('a whole number without a type', () => {
  it.each([2 ** 53, -(2 ** 53), 2 ** 60, -(2 ** 63)])(
    'is refused where it may be a BIGINT that lost digits: %p',
    (value) => {
      const sentence = `the whole number ${String(value)} is too large to be exact: use a bigint`;
      expect(() => lit(value)).toThrow(RangeError);
      expect(() => lit([1, value])).toThrow(sentence);
      expect(() => inferred(1, value)).toThrow(RangeError);
      expect(() => inferred(1n, value)).toThrow(`row 1, column a: ${sentence}`);
    },
  );

  it.each([2 ** 63, 1e300, -1e300, -0, 0.5, Infinity])('is DOUBLE where it cannot be one: %p', (value) => {
    expect(literalCase(value)).toBe('double');
    expect(inferred(1, value)).toBe('double');
  });

  it('is BIGINT where it is exact', () => {
    expect(literalCase(2 ** 53 - 1)).toBe('long');
    expect(inferred(2 ** 53 - 1)).toBe('bigint');
  });
});

describe('a whole number of a type', () => {
  it('may be any DOUBLE', () => {
    expect(typedlit(2 ** 60, DoubleType).expression.exprType).toMatchObject({
      value: { literalType: { case: 'double', value: 2 ** 60 } },
    });
  });

  it('is refused as BIGINT for the reason that it is not exact', () => {
    const sentence = 'the whole number 1152921504606847000 is too large to be exact';
    expect(() => typedlit([2 ** 60], new ArrayType(LongType))).toThrow(sentence);
    expect(() => encodeRows([{ a: 2 ** 60 }], new StructType().add('a', LongType))).toThrow(
      `row 0, column a: ${sentence}`,
    );
  });
});
