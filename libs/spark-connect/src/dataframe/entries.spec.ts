import { col, lit } from '../functions/functions';
import { SparkSession } from '../session/spark-session';
import { relationJson } from '../testing/plan-json';

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
const input = spark.range(3);

afterAll(() => spark.close());

describe('the strata of sampleBy', () => {
  const sampledBy = (fractions: readonly unknown[]) => ({ sampleBy: { fractions } });

  it('are of the type they have in a Map or in pairs', () => {
    const strata = [
      [0, 0.1],
      [1n, 0.2],
      ['1', 0.3],
    ] as const;
    const expected = sampledBy([
      { stratum: { integer: 0 }, fraction: 0.1 },
      { stratum: { long: '1' }, fraction: 0.2 },
      { stratum: { string: '1' }, fraction: 0.3 },
    ]);
    expect(
      relationJson(input.sampleBy('id', new Map<number | bigint | string, number>(strata), 5)),
    ).toMatchObject(expected);
    expect(relationJson(input.sampleBy('id', strata, 5))).toMatchObject(expected);
  });

  it('are texts in a record', () => {
    expect(relationJson(input.sampleBy('s', { a: 0.1, 'x 1': 0.2 }))).toMatchObject(
      sampledBy([
        { stratum: { string: 'a' }, fraction: 0.1 },
        { stratum: { string: 'x 1' }, fraction: 0.2 },
      ]),
    );
  });

  it.each([[{ 0: 0.1, 1: 0.2 }], [{ a: 0.1, 0.5: 0.2 }], [{ '-1': 0.1 }]])(
    'are refused where the key of a record may have been a number, as in %p',
    (fractions) => {
      expect(() => input.sampleBy('id', fractions)).toThrow(TypeError);
      expect(() => input.sampleBy('id', fractions)).toThrow('Map');
    },
  );
});

describe('replacements', () => {
  it('are of the type they have in a Map or in pairs', () => {
    const replace = { replacements: [{ oldValue: { double: 1 }, newValue: { double: 2 } }] };
    expect(relationJson(input.replace([[1, 2]]))).toMatchObject({ replace });
    expect(relationJson(input.replace(new Map([[1, 2n]])))).toMatchObject({ replace });
  });

  it('of a key that may have been a number by NULL are refused, by a text they are of a text', () => {
    expect(() => input.replace({ 1: null })).toThrow('Map');
    expect(relationJson(input.replace({ 1: 'one' }))).toMatchObject({
      replace: { replacements: [{ oldValue: { string: '1' }, newValue: { string: 'one' } }] },
    });
  });
});

describe('columns by name', () => {
  it.each([
    [
      [
        ['b', lit(1)],
        ['1', col('b')],
      ],
    ],
    [
      new Map([
        ['b', lit(1)],
        ['1', col('b')],
      ]),
    ],
  ] as const)('are added in the order of pairs or of a Map', (columns) => {
    expect(relationJson(input.withColumns(columns))).toMatchObject({
      withColumns: { aliases: [{ name: ['b'] }, { name: ['1'] }] },
    });
  });

  it('are renamed in the order of pairs or of a Map', () => {
    const withColumnsRenamed = {
      renames: [
        { colName: 'b', newColName: '1' },
        { colName: '1', newColName: 'c' },
      ],
    };
    const names = [
      ['b', '1'],
      ['1', 'c'],
    ] as const;
    expect(relationJson(input.withColumnsRenamed(names))).toMatchObject({ withColumnsRenamed });
    expect(relationJson(input.withColumnsRenamed(new Map(names)))).toMatchObject({ withColumnsRenamed });
  });

  it('may also be a record', () => {
    const aliases = [{ name: ['a'] }, { name: ['b'] }];
    expect(relationJson(input.withColumns({ a: lit(1), b: lit(2) }))).toMatchObject({
      withColumns: { aliases },
    });
    expect(relationJson(input.withColumnsRenamed({ a: 'b' }))).toMatchObject({
      withColumnsRenamed: { renames: [{ colName: 'a', newColName: 'b' }] },
    });
  });
});
