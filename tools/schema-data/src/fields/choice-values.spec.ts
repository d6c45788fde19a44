import { chiSquare, countsOf, recordsOf, valuesOf } from '../records.fixture';

const CHANNEL = { name: 'channel', type: 'category', choices: { POS: 55, web: 37, ATM: 8, none: 0 } };
const RECORDS = 20_000;

describe('category', () => {
  it('has its values by their weights', () => {
    const names = Object.keys(CHANNEL.choices);
    const drawn = valuesOf([CHANNEL], RECORDS).map((value) => names.indexOf(String(value)));
    // 99.9 %, 2 degrees of freedom; what weighs nothing is not there.
    expect(chiSquare(countsOf(drawn, 4), Object.values(CHANNEL.choices))).toBeLessThan(13.82);
  });

  it('has other weights where an earlier field has one of the values of the cases', () => {
    const conditional = { field: 'CHANNEL', cases: { ATM: { Cash: 1 }, web: { Books: 3, Food: 1 } } };
    const records = recordsOf(
      [CHANNEL, { name: 'kind', type: 'category', choices: { Food: 1, Fuel: 1 }, conditional }],
      RECORDS,
    );
    const kindsAt = (channel: string) =>
      records.filter((record) => record['channel'] === channel).map((record) => record['kind']);
    expect(new Set(kindsAt('ATM'))).toEqual(new Set(['Cash']));
    expect(new Set(kindsAt('POS'))).toEqual(new Set(['Food', 'Fuel']));
    const web = kindsAt('web');
    const books = web.filter((kind) => kind === 'Books').length;
    // 99.9 %, 1 degree of freedom.
    expect(chiSquare([books, web.length - books], [3, 1])).toBeLessThan(10.83);
  });

  it('knows thousands of values', () => {
    const choices = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`v${n}`, n % 2]));
    const drawn = valuesOf([{ name: 'c', type: 'category', choices }], 2000).map((value) =>
      Number(String(value).slice(1)),
    );
    expect(drawn.every((n) => n % 2 === 1)).toBe(true);
    expect(Math.max(...drawn)).toBeGreaterThan(4800);
    expect(Math.min(...drawn)).toBeLessThan(200);
  });
});

describe('boolean', () => {
  const shareOf = (values: readonly unknown[]) =>
    values.filter((value) => value === true).length / values.length;

  it('is true with its probability', () => {
    const share = shareOf(valuesOf([{ name: 'b', type: 'boolean', probability: 0.02 }], RECORDS));
    // Four standard deviations.
    expect(Math.abs(share - 0.02)).toBeLessThan(4 * Math.sqrt((0.02 * 0.98) / RECORDS));
  });

  it.each([0, 1])('with a probability of %d is never anything else', (probability) => {
    expect(shareOf(valuesOf([{ name: 'b', type: 'boolean', probability }]))).toBe(probability);
  });

  it('has another probability for values of an earlier field, and its own where that is null', () => {
    const sometimes = { name: 'b', type: 'boolean', probability: 0.5, nullProbability: 0.3 };
    const conditional = { field: 'b', cases: { true: 1, false: 0 } };
    const records = recordsOf(
      [sometimes, { name: 'c', type: 'boolean', probability: 0.5, conditional }],
      5000,
    );
    const given = (value: boolean | null) =>
      shareOf(records.filter((record) => record['b'] === value).map((record) => record['c']));
    expect([given(true), given(false)]).toEqual([1, 0]);
    expect(Math.abs(given(null) - 0.5)).toBeLessThan(0.06);
  });
});
