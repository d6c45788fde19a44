import { Random } from './random';
import { weighted } from './weighted';

describe('Random', () => {
  it('gives the published sequence of xoshiro128**', () => {
    const random = new Random(1, 2, 3, 4);
    const published = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
    expect(published.map(() => random.uint32())).toEqual(published);
  });

  it('gives the same numbers for the same name and others for another', () => {
    const draw = (...name: (string | number)[]) => {
      const random = Random.of(...name);
      return Array.from({ length: 5 }, () => random.uint32());
    };
    expect(draw('stream', 42)).toEqual(draw('stream', 42));
    expect(draw('stream', 42)).not.toEqual(draw('stream', 43));
    expect(draw('history', 42)).not.toEqual(draw('stream', 42));
  });

  it('makes distinct UUIDs of version 4', () => {
    const random = Random.of('uuid');
    const ids = Array.from({ length: 20_000 }, () => random.uuid());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('uses every digit of a UUID', () => {
    const random = Random.of('uuid');
    const digits = Array.from({ length: 32 }, () => new Set<string>());
    for (let n = 0; n < 500; n++) {
      Array.from(random.uuid().replaceAll('-', '')).forEach((digit, at) => digits[at]?.add(digit));
    }
    expect(digits.map((seen) => seen.size)).toEqual(
      digits.map((_, at) => (at === 12 ? 1 : at === 16 ? 4 : 16)),
    );
  });

  it('keeps whole numbers within their bounds, both reached', () => {
    const random = Random.of('integer');
    const drawn = Array.from({ length: 1000 }, () => random.integer(3, 5));
    expect([...new Set(drawn)].sort()).toEqual([3, 4, 5]);
  });
});

describe('Weighted', () => {
  it('divides [0, 1) by the weights, leaving out what weighs nothing', () => {
    const letters = weighted({ a: 1, none: 0, b: 3 });
    expect([0, 0.249, 0.25, 0.999999].map((u) => letters.at(u))).toEqual(['a', 'a', 'b', 'b']);
  });
});
