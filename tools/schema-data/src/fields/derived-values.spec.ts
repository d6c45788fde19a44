import { recordsOf, valuesOf } from '../records.fixture';

const CITY = { name: 'city', type: 'category', choices: { Pune: 1, Delhi: 1, Goa: 1 } };
const COUNT = { name: 'count', type: 'sequence', start: 5 };
const FLAG = { name: 'flag', type: 'constant', value: true };
const NEVER = { name: 'never', type: 'constant', value: 1.5, nullProbability: 1 };
const derived = (more: object) => ({ name: 'd', type: 'derived', ...more });

describe('concat', () => {
  it('puts earlier values one behind the other, as they are written in CSV', () => {
    const fields = [CITY, COUNT, FLAG];
    const concat = derived({ operation: 'concat', fields: ['city', 'count', 'flag'], separator: '|' });
    for (const record of recordsOf([...fields, concat], 50)) {
      expect(record['d']).toBe(`${String(record['city'])}|${String(record['count'])}|true`);
    }
  });

  it('has nothing where a value is null, and no separator unless one is given', () => {
    const concat = { operation: 'concat', fields: ['never', 'count', 'never', 'count'] };
    expect(valuesOf([NEVER, COUNT, derived(concat)], 2)).toEqual(['55', '66']);
    expect(valuesOf([NEVER, COUNT, derived({ ...concat, separator: '-' })], 1)).toEqual(['-5--5']);
  });
});

describe('lookup', () => {
  const lookup = (field: string, map: object, otherwise: unknown) =>
    derived({ operation: 'lookup', field, map, default: otherwise });

  it('has what the map has, and the default for other values', () => {
    const records = recordsOf([CITY, lookup('city', { Pune: 'MH', Delhi: 'DL' }, 'other')], 300);
    const pairs = new Set(records.map((record) => `${String(record['city'])} ${String(record['d'])}`));
    expect(pairs).toEqual(new Set(['Pune MH', 'Delhi DL', 'Goa other']));
  });

  it('finds numbers and booleans as they are written, and keeps the kind of its values', () => {
    expect(valuesOf([COUNT, lookup('count', { 5: 0.5, 6: -1 }, null)], 3)).toEqual([0.5, -1, null]);
    expect(valuesOf([FLAG, lookup('flag', { true: false }, true)], 1)).toEqual([false]);
  });

  it('has the default where the value is null', () => {
    const sometimes = { name: 'name', type: 'category', choices: { '': 1 }, nullProbability: 0.5 };
    const records = recordsOf([sometimes, lookup('name', { '': 1 }, 0)], 100);
    for (const record of records) expect(record['d']).toBe(record['name'] === null ? 0 : 1);
    expect(new Set(records.map((record) => record['d'])).size).toBe(2);
  });

  it('does not find what every object has', () => {
    const word = { name: 'word', type: 'constant', value: 'constructor' };
    const mapped = lookup('word', { constructor: 'x' }, 'none');
    expect(valuesOf([word, mapped], 1)).toEqual(['x']);
    const free = { name: 'word', type: 'pattern', pattern: 'toString%' };
    expect(valuesOf([free, lookup('word', { a: 'x' }, 'none')], 1)).toEqual(['none']);
  });
});
