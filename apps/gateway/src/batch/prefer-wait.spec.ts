import { preferredWait } from './prefer-wait';

describe('Prefer: wait', () => {
  it.each<[string | string[] | undefined, number | undefined]>([
    ['wait=10', 10],
    ['Wait = "5"', 5],
    ['respond-async, wait=10; foo=bar', 10],
    ['wait=1, wait=2', 1],
    [['return=minimal', 'wait=3'], 3],
    ['wait=61', 60],
    ['wait=999999999', 60],
    ['wait=0', 0],
    ['wait=99999999999999', undefined],
    ['wait=-1', undefined],
    ['wait=1.5', undefined],
    ['wait=', undefined],
    ['wait', undefined],
    ['await=5', undefined],
    ['return=minimal', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j asks for %p seconds', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});
