import { liveHeap } from './spark-process';

const MIB = 1_024 * 1_024;

describe('the live heap', () => {
  const histogram = [
    '12345:',
    ' num     #instances         #bytes  class name (module)',
    '-------------------------------------------------------',
    `   1:        350000       ${3 * MIB}  [B (java.base@17.0.12)`,
    `   2:          9000       ${2 * MIB}  org.apache.spark.sql.delta.actions.AddFile`,
    `   3:             1       ${MIB}  org.apache.spark.sql.delta.actions.AddFile`,
    `Total        359001       ${6 * MIB}`,
  ].join('\n');

  it('is the sum of all classes', () => {
    expect(liveHeap(histogram).liveMib).toBe(6);
  });

  it('is known by class, whichever loader it is of', () => {
    expect([...liveHeap(histogram).classes]).toEqual([
      ['[B', 3],
      ['org.apache.spark.sql.delta.actions.AddFile', 3],
    ]);
  });

  it('is not a number where nobody tells', () => {
    expect(liveHeap('').liveMib).toBeNaN();
  });
});
