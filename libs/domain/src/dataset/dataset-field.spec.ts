import { valueKindOf } from './dataset-field';
import { defined, problemsIn, written } from './definition.fixture';

const problems = (field: object) => problemsIn(written([{ name: 'f', ...field }]));
const float = (distribution: object, more: object = {}) => ({ type: 'float', distribution, ...more });
const int = (distribution: object) => ({ type: 'int', distribution });
const normal = { type: 'normal', mean: 0, stddev: 1 };
const geo = (area: object) => ({ type: 'latitude', area });
const lookup = (map: object, more: object = {}) => [
  { name: 'c', type: 'category', choices: { x: 1, y: 1 } },
  { name: 'f', type: 'derived', operation: 'lookup', field: 'c', map, default: null, ...more },
];

describe('a field of a data set', () => {
  it('is of a known type', () => {
    expect(problems({ type: 'uid' })).toEqual([
      'fields[0].type: must be one of: uuid, sequence, int, float, category, datetime, boolean, latitude, longitude, pattern, derived, constant',
    ]);
  });

  it.each(['', '9a', 'a-b', 'a b', 'ä', 'a\n', '__proto__', 'a'.repeat(64)])(
    'cannot be called %j, which is not safe as a column',
    (name) => {
      const problem = 'fields[0].name: must be a letter, then at most 62 letters, digits and _';
      expect(problemsIn(written([{ name, type: 'uuid' }]))).toEqual([problem]);
    },
  );

  it('keeps its name as it is declared', () => {
    expect(defined([{ name: ' CardId ', type: 'uuid' }]).fields[0]?.name).toBe(' CardId ');
  });

  it.each([
    [{ type: 'uuid', nullProbability: 1.1 }, 'nullProbability: must be at most 1'],
    [
      { type: 'uuid', size: 1 },
      'size: is no key that is known here; the keys are: name, nullProbability, type',
    ],
    [{ type: 'sequence', step: 0 }, 'step: must not be 0'],
    [{ type: 'sequence', start: 0.5 }, 'start: must be a whole number'],
    [{ type: 'sequence', pad: 21 }, 'pad: must be at most 20'],
    [
      { type: 'pattern', pattern: 'CARD' },
      'pattern: must have one of the letters # % ? *; a text that never changes is a constant',
    ],
    [
      { type: 'pattern', pattern: 'A\\#' },
      'pattern: must have one of the letters # % ? *; a text that never changes is a constant',
    ],
    [{ type: 'pattern', pattern: '#\\' }, 'pattern: must have a \\ only before one of # % ? * \\'],
    [{ type: 'pattern', pattern: '#\\n' }, 'pattern: must have a \\ only before one of # % ? * \\'],
    [{ type: 'constant', value: null }, 'value: must be text, a number, true or false'],
    [{ type: 'boolean' }, 'probability: is missing; it must be a number'],
    [{ type: 'boolean', probability: '1' }, 'probability: must be a number'],
    [{ type: 'category', choices: {} }, 'choices: must have 1 to 10,000 entries'],
    [{ type: 'category', choices: { a: 0 } }, 'choices: must have a weight above 0'],
    [{ type: 'category', choices: { 'a b': -1 } }, 'choices["a b"]: must be at least 0'],
    [{ type: 'category', choices: [1] }, 'choices: must be an object'],
    [
      { type: 'category', choices: JSON.parse('{"__proto__":1,"a":1}') as object },
      'choices.__proto__: must be another text',
    ],
  ])('is refused: %j', (field, problem) => {
    expect(problems(field)).toEqual([`fields[0].${problem}`]);
  });

  it.each([
    [float({ type: 'gauss' }), 'type: must be one of: uniform, normal, lognormal, exponential'],
    [float({ type: 'uniform', min: 1 }), 'max: is missing; it must be a number'],
    [float({ type: 'uniform', min: 2, max: 1 }), 'max: must not be below min'],
    [float({ type: 'uniform', min: 0, max: 0.125 }), 'max: must be a number of at most 2 decimals'],
    [float({ type: 'lognormal', mu: 1, sigma: 0 }), 'sigma: must be above 0'],
    [float({ type: 'exponential', rate: 0 }), 'rate: must be at least 1e-12'],
    [float({ ...normal, min: 3, max: 2 }), 'max: must not be below min'],
    [int({ ...normal, min: 0.5 }), 'min: must be a whole number'],
    [
      int({ ...normal, mode: 1 }),
      'mode: is no key that is known here; the keys are: type, mean, stddev, min, max',
    ],
  ])('has a distribution that can be: %j', (field, problem) => {
    expect(problems(field)).toEqual([`fields[0].distribution.${problem}`]);
  });

  it.each([
    // Above 2.33 standard deviations there is 1 % of all values.
    [float({ ...normal, min: 2.3 }), []],
    [float({ ...normal, min: 2.4 }), ['too little']],
    [int({ ...normal, min: 0, max: 0 }), []],
    [float({ ...normal, min: 5, max: 5 }), ['too little']],
    [float({ type: 'lognormal', mu: 0, sigma: 1, max: 0 }), ['too little']],
    [float({ type: 'lognormal', mu: 0, sigma: 1, min: -3, max: 1 }), []],
    [int({ type: 'lognormal', mu: 50, sigma: 1 }), ['too little']],
  ])('has a distribution that its limits leave something of: %j', (field, expected) => {
    const problem = 'fields[0].distribution: must have at least 1 % of its values between min and max';
    expect(problems(field)).toEqual(expected.map(() => problem));
  });

  it.each([
    [geo({ type: 'circle' }), 'area.type: must be one of: box, centres'],
    [geo({ type: 'box', south: 5, north: 4, west: 0, east: 1 }), 'area.north: must not be below south'],
    [geo({ type: 'box', south: -91, north: 4, west: 0, east: 1 }), 'area.south: must be at least -90'],
    [
      geo({ type: 'box', south: 0, north: 1, west: 0, east: 0.0000001 }),
      'area.east: must be a number of at most 6 decimals',
    ],
    [geo({ type: 'centres', centres: [] }), 'area.centres: must be at least 1 entries'],
    [
      geo({ type: 'centres', centres: [{ latitude: 0, longitude: 0, radiusKm: 1, weight: 0 }] }),
      'area.centres: must have a weight above 0',
    ],
    [
      geo({ type: 'centres', centres: [{ latitude: 0, longitude: 0, radiusKm: 0 }] }),
      'area.centres[0].radiusKm: must be above 0',
    ],
  ])('has an area that can be: %j', (field, problem) => {
    expect(problems(field)).toEqual([`fields[0].${problem}`]);
  });

  it('is half of a pair: one has the area, the other names it', () => {
    const area = { type: 'box', south: 0, north: 1, west: 0, east: 1 };
    const problem = 'fields[0]: must have either an area, or of: the other half of the pair';
    expect(problems({ type: 'longitude' })).toEqual([problem]);
    expect(problems({ type: 'longitude', area, of: 'f' })).toEqual([problem]);
    expect(problems({ type: 'longitude', area })).toEqual([]);
  });

  it('looks up values of one kind', () => {
    expect(problemsIn(written(lookup({ x: 1, y: 'b' })))).toEqual([
      'fields[1].map: must have values of one kind: text, numbers, or true and false',
    ]);
    expect(problemsIn(written(lookup({ x: 1, y: 2 }, { default: 'none' })))).toEqual([
      'fields[1].default: must be null or of the kind of the values of the map',
    ]);
    expect(problemsIn(written(lookup({ x: 1, y: 2 }, { default: undefined })))).toHaveLength(1);
    expect(problemsIn(written(lookup({ x: 1 }, { default: 2 })))).toEqual([]);
  });
});

describe('valueKindOf', () => {
  it.each([
    [{ type: 'uuid' }, 'text'],
    [{ type: 'sequence' }, 'number'],
    [{ type: 'sequence', prefix: '' }, 'text'],
    [{ type: 'sequence', pad: 3 }, 'text'],
    [{ type: 'datetime', start: '-1d', end: 'now' }, 'time'],
    [{ type: 'boolean', probability: 1 }, 'boolean'],
    [{ type: 'constant', value: 'x' }, 'text'],
    [{ type: 'constant', value: 1 }, 'number'],
    [{ type: 'constant', value: true }, 'boolean'],
  ])('of %j is %s', (declared, kind) => {
    const [field] = defined([{ name: 'f', ...declared }]).fields;
    expect(field && valueKindOf(field)).toBe(kind);
  });

  it.each([
    [{ x: 'a' }, 'text'],
    [{ x: 1 }, 'number'],
    [{ x: false }, 'boolean'],
  ])('of a lookup is that of its map: %j', (map, kind) => {
    const field = defined(lookup(map)).fields[1];
    expect(field && valueKindOf(field)).toBe(kind);
  });
});
