import { forbiddenKey } from './forbidden-key';

describe('forbiddenKey', () => {
  it.each([
    ['{"__proto__":{"a":1}}', '__proto__'],
    ['{"\\u005f_proto__":null}', '__proto__'],
    ['{"filters":{"__proto__":1}}', 'filters.__proto__'],
    ['{"labels":{"constructor":{"prototype":1}}}', 'labels.constructor.prototype'],
    ['[1,{"a":[{"__proto__":1}]}]', '1.a.0.__proto__'],
  ])('finds the one of %s', (json, path) => {
    expect(forbiddenKey(json)).toBe(path);
  });

  it.each([
    '{"constructor":1}',
    '{"constructor":null}',
    '{"prototype":{}}',
    '["__proto__"]',
    '"__proto__"',
    '1',
  ])('finds none in %s', (json) => {
    expect(forbiddenKey(json)).toBeUndefined();
  });

  it('takes a text of 10,000 levels', () => {
    const deep = '{"a":'.repeat(10_000) + '{"__proto__":1}' + '}'.repeat(10_000);
    expect(forbiddenKey(deep)).toMatch(/^a(\.a){9999}\.__proto__$/);
  });
});
