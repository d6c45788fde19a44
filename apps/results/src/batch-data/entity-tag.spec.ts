import { conditionOf, entityTag } from './entity-tag';

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
    [{}, 'met'],
    [{ 'if-none-match': '"a"' }, 'known'],
    [{ 'if-none-match': 'W/"a"' }, 'known'],
    [{ 'if-none-match': '"b", "a"' }, 'known'],
    [{ 'if-none-match': '*' }, 'known'],
    [{ 'if-none-match': '"b"' }, 'met'],
    [{ 'if-none-match': 'a' }, 'met'],
    [{ 'if-match': '"a"' }, 'met'],
    [{ 'if-match': '"b" ,"a"' }, 'met'],
    [{ 'if-match': '*' }, 'met'],
    [{ 'if-match': 'W/"a"' }, 'failed'],
    [{ 'if-match': '"b"' }, 'failed'],
    [{ 'if-match': '' }, 'failed'],
    [{ 'if-match': '"b"', 'if-none-match': '"a"' }, 'failed'],
    [{ 'if-match': '"a"', 'if-none-match': '"a"' }, 'known'],
  ] as const)('make of %j: %s', (headers, condition) => {
    expect(conditionOf(headers, '"a"')).toBe(condition);
  });
});
