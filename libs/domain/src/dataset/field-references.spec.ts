import { defined, problemsIn, written } from './definition.fixture';

const CITY = { name: 'City', type: 'category', choices: { Pune: 1, Delhi: 0 } };
const problems = (...fields: object[]) => problemsIn(written(fields));
const flag = (field: string, cases: object = { Pune: 1 }) => ({
  name: 'flag',
  type: 'boolean',
  probability: 0,
  conditional: { field, cases },
});

describe('names of fields', () => {
  it('differ by more than capitals and blanks', () => {
    expect(problems(CITY, { name: 'x', type: 'uuid' }, { name: ' city ', type: 'uuid' })).toEqual([
      'fields[2].name: must differ from the name of fields[0], by more than capitals and blanks',
    ]);
  });
});

describe('a field that mentions another', () => {
  it('finds it however the name is spelled, and reads it as the name of its column', () => {
    expect(defined([CITY, flag(' CITY')]).fields[1]).toMatchObject({ conditional: { field: 'city' } });
  });

  it.each([
    [
      [flag('city')],
      'fields[0].conditional.field: must be the name of an earlier field; none is called city',
    ],
    [
      [flag('city'), CITY],
      'fields[0].conditional.field: must be the name of an earlier field; city comes later',
    ],
    [[flag('flag')], 'fields[0].conditional.field: must be the name of an earlier field; flag is this one'],
    [
      [CITY, { name: 'k', type: 'derived', operation: 'concat', fields: ['city', 'chanel'] }],
      'fields[1].fields[1]: must be the name of an earlier field; none is called chanel',
    ],
    [
      [{ name: 'k', type: 'derived', operation: 'lookup', field: 'a', map: { a: 1 }, default: 0 }],
      'fields[0].field: must be the name of an earlier field; none is called a',
    ],
    [
      [{ name: 'lon', type: 'longitude', of: 'lat' }],
      'fields[0].of: must be the name of an earlier field; none is called lat',
    ],
  ])('mentions an earlier one: %j', (fields, problem) => {
    expect(problems(...fields)).toEqual([problem]);
  });

  it('asks for values that the other can have', () => {
    const list = 'its values are: Pune, Delhi';
    expect(problems(CITY, flag('city', { Pune: 1, pune: 1, 'New Delhi': 1 }))).toEqual([
      `fields[1].conditional.cases.pune: must be a value of city; ${list}`,
      `fields[1].conditional.cases["New Delhi"]: must be a value of city; ${list}`,
    ]);
    const area = { type: 'centres', centres: [{ latitude: 0, longitude: 0, radiusKm: 1 }] };
    const conditional = { field: 'city', cases: { Goa: area.centres } };
    expect(problems(CITY, { name: 'lat', type: 'latitude', area: { ...area, conditional } })).toEqual([
      `fields[1].area.conditional.cases.Goa: must be a value of city; ${list}`,
    ]);
  });

  it('knows the values of cases, booleans, constants and lookups', () => {
    const goa = { ...CITY, name: 'c2', conditional: { field: 'city', cases: { Pune: { Goa: 1 } } } };
    expect(problems(CITY, goa, flag('c2', { Goa: 1, Delhi: 1 }))).toEqual([]);
    const bool = { name: 'b', type: 'boolean', probability: 0.5 };
    expect(problems(bool, flag('b', { true: 1, yes: 1 }))).toEqual([
      'fields[1].conditional.cases.yes: must be a value of b; its values are: true, false',
    ]);
    expect(problems({ name: 'k', type: 'constant', value: 1 }, flag('k', { 1: 1, 2: 1 }))).toHaveLength(1);
    const lookup = { name: 'l', type: 'derived', operation: 'lookup', field: 'city' };
    const mapped = { ...lookup, map: { Pune: 'MH' }, default: 'other' };
    expect(problems(CITY, mapped, flag('l', { MH: 1, other: 1 }))).toEqual([]);
    expect(problems(CITY, mapped, flag('l', { GA: 1 }))).toHaveLength(1);
  });

  it('may ask a field of too many values for any', () => {
    const count = { name: 'n', type: 'int', distribution: { type: 'uniform', min: 1, max: 5 } };
    expect(problems(count, flag('n', { 1: 1, 9: 1 }))).toEqual([]);
  });

  it('tells ten values of many', () => {
    const choices = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`v${n}`, 1]));
    expect(problems({ ...CITY, choices }, flag('city', { x: 1 }))[0]).toMatch(/v0, v1, .*v9, …$/);
  });
});

describe('a pair of coordinates', () => {
  const area = { type: 'box', south: 0, north: 1, west: 0, east: 1 };

  it('is of a latitude and a longitude, in either order', () => {
    expect(
      problems({ name: 'lat', type: 'latitude', area }, { name: 'lon', type: 'longitude', of: 'lat' }),
    ).toEqual([]);
    expect(
      problems({ name: 'lon', type: 'longitude', area }, { name: 'lat', type: 'latitude', of: 'lon' }),
    ).toEqual([]);
  });

  it('is of no two of a kind, nor of one that has no area', () => {
    const lat = { name: 'a', type: 'latitude', area };
    expect(problems(lat, { name: 'b', type: 'latitude', of: 'a' })).toEqual([
      'fields[1].of: must be the name of a longitude with an area',
    ]);
    expect(
      problems(lat, { name: 'b', type: 'longitude', of: 'a' }, { name: 'c', type: 'latitude', of: 'b' }),
    ).toEqual(['fields[2].of: must be the name of a longitude with an area']);
  });
});
