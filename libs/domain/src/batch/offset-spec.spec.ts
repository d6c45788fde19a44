import { offsetSpecOf, offsetSpecSchema, offsetText } from './offset-spec';

const start = offsetSpecSchema('earliest');

const problemOf = (value: unknown) => {
  const result = start.safeParse(value);
  return result.success
    ? undefined
    : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
};

describe('offsets of a request', () => {
  it.each([
    ['earliest', 'earliest'],
    [
      { '0': 100, '1': 200 },
      { '0': 100, '1': 200 },
    ],
    ['{"0":100,"1":200}', { '0': 100, '1': 200 }],
    [{ '0': -2 }, { '0': -2 }],
  ])('takes %j', (given, read) => {
    expect(start.parse(given)).toEqual(read);
  });

  it.each<[unknown, RegExp]>([
    ['latest', /must be "earliest" or a map/],
    ['', /must be "earliest" or a map/],
    [null, /must be "earliest" or a map/],
    [5, /must be "earliest" or a map/],
    [[1], /must be "earliest" or a map/],
    [{}, /must name the partitions/],
    [{ '0': -3 }, /0 must be an offset/],
    [{ '0': 1.5 }, /0 must be a whole number/],
    [{ '0': 2 ** 63 }, /0 must be a whole number/],
    [{ '0': '1' }, /0 must be a whole number/],
    [{ '-1': 1 }, /-1 is not the number of a partition/],
    [{ '01': 1 }, /01 is not the number/],
    [{ '9999999999': 1 }, /is not the number of a partition/],
    [{ constructor: 1 }, /constructor is not the number/],
    ['{"0":-3}', /0 must be an offset/],
    ['{"0":9223372036854775808}', /0 must be a whole number/],
    ['{"0":1,"0":2}', /names each partition once/],
    ['{"__proto__":1,"0":2}', /names each partition once/],
    ['{"0":', /must be a JSON object/],
    [Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i, 0])), /too many partitions/],
  ])('refuses %j and says what is wrong', (given, problem) => {
    expect(problemOf(given)).toMatch(problem);
  });

  it('are written into a record and read from it', () => {
    for (const spec of ['earliest', 'latest', { '0': 5 }] as const) {
      expect(offsetSpecOf(offsetText(spec))).toEqual(spec);
    }
  });
});
