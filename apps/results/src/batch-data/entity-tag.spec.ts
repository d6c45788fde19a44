import { entityTag, isKnownTag } from './entity-tag';

describe('entity tags', () => {
  it('differ where the facts do', () => {
    const facts = [
      ['rows', '1', 'json'],
      ['rows', '1', 'csv'],
      ['rows', '11', 'json'],
      ['rows', '1,json'],
      ['1', 'rows', 'json'],
      [],
    ];
    expect(new Set(facts.map(entityTag)).size).toBe(facts.length);
    expect(entityTag(['rows', 1])).toBe(entityTag(['rows', 1]));
  });

  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
  ])('are known by If-None-Match %j: %s', (header, isKnown) => {
    expect(isKnownTag(header, '"a"')).toBe(isKnown);
  });
});
