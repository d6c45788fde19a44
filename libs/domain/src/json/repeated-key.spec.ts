import { repeatedKey, repeatedKeySteps } from './repeated-key';

describe('repeatedKey', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":{"b":[{"c":1},{"c":1,"d":{},"c":2}]}}', 'a.b.c'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"x":"\\"}{","y":1,"y":2}', 'y'],
    ['{"0":1,"1":2,"0":3}', '0'],
  ])('finds the one of %s', (json, path) => {
    expect(repeatedKey(json)).toBe(path);
  });

  it.each(['{"a":{"a":1},"b":{"a":1}}', '[{"a":1},{"a":1}]', '["a","a"]', '{"a":"a","b":"a:"}', '1', '"a"'])(
    'finds none in %s',
    (json) => {
      expect(repeatedKey(json)).toBeUndefined();
    },
  );

  it('takes a text of 10,000 levels', () => {
    const deep = '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000);
    expect(repeatedKey(deep)).toBeUndefined();
  });
});

describe('repeatedKeySteps', () => {
  it.each([
    ['{"a":[0,[],{"b":"x,y","c":1},{"c":1,"c":2}]}', ['a', 3, 'c']],
    ['[[1,2],[{"a":1,"a":1}]]', [1, 0, 'a']],
    ['{"a":{"b":1},"c":{"b":[1,2]},"a":1}', ['a']],
  ])('counts the entries of arrays in %s', (json, steps) => {
    expect(repeatedKeySteps(json)).toEqual(steps);
  });
});
