import { typedlit } from '../functions/core';
import {
  ArrayType,
  BinaryType,
  CollatedStringType,
  DateType,
  DayTimeIntervalType,
  StringType,
  StructType,
  YearMonthIntervalType,
  type DataType,
} from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';

const { DAY, HOUR, MINUTE, SECOND } = DayTimeIntervalType;
const { YEAR, MONTH } = YearMonthIntervalType;

const COLLATED = new CollatedStringType('UNICODE_CI');
const exprType = (value: never, type: DataType) => typedlit(value, type).expression.exprType;

describe('an interval as a literal', () => {
  it.each<[DataType, string]>([
    [new DayTimeIntervalType(HOUR, MINUTE), 'INTERVAL HOUR TO MINUTE'],
    [new DayTimeIntervalType(DAY, MINUTE), 'INTERVAL DAY TO MINUTE'],
    [new DayTimeIntervalType(SECOND), 'INTERVAL SECOND'],
    [new YearMonthIntervalType(YEAR), 'INTERVAL YEAR'],
    [new YearMonthIntervalType(MONTH), 'INTERVAL MONTH'],
  ])('is refused where it has not all fields, which a literal cannot say: %#', (type, name) => {
    expect(() => typedlit(1, type)).toThrow(
      new TypeError(`a literal cannot be ${name}: cast one with all fields`),
    );
    expect(exprType(null as never, type)).toMatchObject({ value: { literalType: { case: 'null' } } });
  });

  it('has all fields', () => {
    const days = exprType(7n as never, new DayTimeIntervalType());
    expect(days).toMatchObject({ value: { literalType: { case: 'dayTimeInterval', value: 7n } } });
    const months = exprType(14 as never, new YearMonthIntervalType());
    expect(months).toMatchObject({ value: { literalType: { case: 'yearMonthInterval', value: 14 } } });
  });
});

describe('a text of another collation', () => {
  it('is a literal cast to it, since a literal says none', () => {
    expect(exprType('a' as never, COLLATED)).toMatchObject({
      case: 'cast',
      value: {
        expr: { exprType: { case: 'literal', value: { literalType: { case: 'string', value: 'a' } } } },
        castToType: { case: 'type', value: dataTypeToProto(COLLATED) },
      },
    });
    expect(exprType('a' as never, StringType).case).toBe('literal');
  });

  it('is a plain literal in an array, and where it is NULL: both say the type', () => {
    expect(exprType(['a'] as never, new ArrayType(COLLATED))).toMatchObject({
      case: 'literal',
      value: { literalType: { value: { elementType: dataTypeToProto(COLLATED) } } },
    });
    expect(exprType(null as never, COLLATED)).toMatchObject({
      value: { literalType: { case: 'null', value: dataTypeToProto(COLLATED) } },
    });
  });
});

describe('bytes as a literal', () => {
  it.each([Uint8Array.of(1, 2), Buffer.of(1, 2)])('are a copy of those of the caller: %#', (bytes) => {
    const expression = typedlit(bytes, BinaryType).expression;
    bytes[0] = 9;
    expect(expression.exprType).toMatchObject({
      value: { literalType: { case: 'binary', value: Uint8Array.of(1, 2) } },
    });
  });
});

describe('a value that is none of the type', () => {
  const Point = new StructType().add('x', StringType);

  it.each<[unknown, DataType, Error]>([
    ['2026-02-30', DateType, new RangeError('there is no day 2026-02-30')],
    ['tomorrow', DateType, new TypeError('a DATE must be written YYYY-MM-DD')],
    [new Set(['x']), Point, new TypeError('STRUCT<x: STRING> is made of a plain object, not of a Set')],
    [Object.create(null), StringType, new TypeError('STRING is made of a string, not of a Object')],
    [{ y: 'a' }, Point, new TypeError('STRUCT<x: STRING> has no field y')],
  ])('is refused: %#', (value, type, error) => {
    expect(() => typedlit(value as never, type)).toThrow(error);
  });
});
