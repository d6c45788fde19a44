import { Random, RandomFamily } from './random';
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

  it('makes fine numbers of two draws, the first of which weighs more', () => {
    const twice = new Random(1, 2, 3, 4);
    const [high, low] = [twice.uint32(), twice.uint32()];
    const fine = new Random(1, 2, 3, 4).precise();
    expect(fine).toBe((Math.floor(high / 2 ** 5) * 2 ** 26 + Math.floor(low / 2 ** 6)) / 2 ** 53);

    const random = Random.of('precise');
    const drawn = Array.from({ length: 20_000 }, () => random.precise());
    expect(drawn.every((u) => u >= 0 && u < 1)).toBe(true);
    const mean = drawn.reduce((sum, u) => sum + u, 0) / drawn.length;
    // Five standard deviations.
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * drawn.length));
  });

  it('keeps whole numbers within their bounds, both reached', () => {
    const random = Random.of('integer');
    const drawn = Array.from({ length: 1000 }, () => random.integer(3, 5));
    expect([...new Set(drawn)].sort()).toEqual([3, 4, 5]);
  });
});

describe('RandomFamily', () => {
  const draws = (family: RandomFamily, index: number) => {
    const random = family.at(index);
    return Array.from({ length: 4 }, () => random.uint32());
  };

  it('gives the same stream for a number, whatever was asked before', () => {
    const [family, other] = [RandomFamily.of('a', 1), RandomFamily.of('a', 1)];
    const inOrder = Array.from({ length: 50 }, (_, index) => draws(family, index));
    const backwards = Array.from({ length: 50 }, (_, index) => draws(other, 49 - index)).reverse();
    expect(backwards).toEqual(inOrder);
    expect(draws(RandomFamily.of('a', 2), 7)).not.toEqual(inOrder[7]);
  });

  it('gives each number a stream of its own, beyond 32 bits too', () => {
    const family = RandomFamily.of('wide');
    const firsts = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52].map((index) =>
      draws(family, index).join(),
    );
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  // 64 cells, 200,000 draws: the 99.9 % point of chi-square with 63 degrees of freedom is 103.4. The seed is fixed.
  it.each([0, 1, 5])('spreads draw %d of neighbouring streams evenly, in pairs of neighbours', (skipped) => {
    const family = RandomFamily.of('even');
    const cells = new Array<number>(64).fill(0);
    const cellOf = (index: number) => {
      const random = family.at(index);
      for (let n = 0; n < skipped; n++) random.uint32();
      return Math.floor(random.next() * 8);
    };
    for (let index = 0; index < 400_000; index += 2) {
      const cell = 8 * cellOf(index) + cellOf(index + 1);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const expected = 200_000 / 64;
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(103.4);
  });
});

describe('Weighted', () => {
  it('divides [0, 1) by the weights, leaving out what weighs nothing', () => {
    const letters = weighted({ a: 1, none: 0, b: 3 });
    expect([0, 0.249, 0.25, 0.999999].map((u) => letters.at(u))).toEqual(['a', 'a', 'b', 'b']);
  });
});
