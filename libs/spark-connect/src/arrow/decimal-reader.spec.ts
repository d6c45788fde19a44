import { Decimal, makeData } from 'apache-arrow';
import type { RowValue } from '../types/row';
import { decoded } from '../testing/arrow-ipc';

describe('decimals', () => {
  const decimals = (precision: number, scale: number, values: readonly bigint[]): RowValue[] => {
    const words = values.flatMap((value) =>
      [0n, 32n, 64n, 96n].map((shift) => Number((BigInt.asUintN(128, value) >> shift) & 0xffff_ffffn)),
    );
    return decoded(makeData({ type: new Decimal(scale, precision, 128), data: Uint32Array.from(words) }));
  };
  /** Digit by digit, in the plainest way. */
  const text = (value: bigint, scale: number): string => {
    const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
    const cut = digits.length - scale;
    const fraction = scale === 0 ? '' : `.${digits.slice(cut)}`;
    return `${value < 0n ? '-' : ''}${digits.slice(0, cut)}${fraction}`;
  };
  const limits = [0n, 31n, 32n, 52n, 53n, 54n, 63n, 64n, 100n].flatMap((bits) => [
    2n ** bits - 1n,
    2n ** bits,
    2n ** bits + 1n,
    1n - 2n ** bits,
    -(2n ** bits),
    -(2n ** bits) - 1n,
  ]);
  const powers = Array.from({ length: 38 }, (_, at) => [10n ** BigInt(at) - 1n, -(10n ** BigInt(at))]).flat();

  it.each([0, 1, 2, 9, 15, 16, 18, 37])('have every digit, with %i of them behind the point', (scale) => {
    const values = [...limits, ...powers];
    expect(decimals(38, scale, values)).toEqual(values.map((value) => text(value, scale)));
  });

  it('are not mixed up where exact and large ones follow each other', () => {
    const values = [12n, 2n ** 90n, -7n, -(2n ** 90n), 12_345_678_901_234n, 5n];
    expect(decimals(38, 3, values)).toEqual(values.map((value) => text(value, 3)));
  });
});
