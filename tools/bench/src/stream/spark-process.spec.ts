import { usedHeapMib } from './spark-process';

describe('the live heap', () => {
  it('is read of a heap in regions', () => {
    const info = [
      '12345:',
      ' garbage-first heap   total 1048576K, used 524288K [0x0000000740000000, 0x0000000800000000)',
      '  region size 1024K, 12 young (12288K), 2 survivors (2048K)',
      ' Metaspace       used 121000K, committed 122000K, reserved 1179648K',
      '  class space    used 15000K, committed 15500K, reserved 1048576K',
    ];
    expect(usedHeapMib(info.join('\n'))).toBe(512);
  });

  it('is the sum of generations', () => {
    const info = [
      ' def new generation   total 9792K, used 1024K [0x1, 0x2, 0x3)',
      '  eden space 8704K,  11% used [0x1, 0x2, 0x3)',
      ' tenured generation   total 21888K, used 3072K [0x1, 0x2, 0x3)',
    ];
    expect(usedHeapMib(info.join('\n'))).toBe(4);
  });

  it('is not a number where nobody tells', () => {
    expect(usedHeapMib('')).toBeNaN();
  });
});
