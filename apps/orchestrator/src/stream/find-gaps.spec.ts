import { findGaps, offsetsBehindGaps } from './find-gaps';

const held = (...ranges: readonly (readonly [first: number, end: number])[]) =>
  ranges.map(([first, end], partition) => ({ partition, first, end }));

describe('what a query has missed of a topic', () => {
  it('is nothing while the topic holds all from the position on', () => {
    const topic = held([0, 500], [100, 100], [80, 120]);
    expect(findGaps({ '0': 400, '1': 100, '2': 80 }, topic)).toEqual([]);
  });

  it('is nothing of a partition that the query has not met yet', () => {
    expect(findGaps({ '0': 10 }, held([0, 10], [50, 90]))).toEqual([]);
  });

  it('is what the retention took from between the position and the first message', () => {
    expect(findGaps({ '0': 100, '1': 7 }, held([150, 300], [0, 7]))).toEqual([
      { partition: 0, fromOffset: 100, untilOffset: 150, reason: 'RETENTION' },
    ]);
  });

  it('has no known end in a topic that was made again, also where the offsets would do', () => {
    expect(findGaps({ '0': 100, '1': 7 }, held([0, 20], [0, 900]))).toEqual([
      { partition: 0, fromOffset: 100, untilOffset: null, reason: 'RECREATED' },
      { partition: 1, fromOffset: 7, untilOffset: null, reason: 'RECREATED' },
    ]);
  });

  it('is the same in a topic that was made again with fewer partitions', () => {
    expect(findGaps({ '0': 5, '1': 7 }, held([0, 900])).map(({ reason }) => reason)).toEqual([
      'RECREATED',
      'RECREATED',
    ]);
  });
});

describe('going on behind gaps', () => {
  it('repeats nothing and leaves out nothing that is there', () => {
    expect(offsetsBehindGaps({ '0': 100, '1': 7 }, held([150, 300], [0, 9], [20, 40]))).toEqual({
      '0': 150,
      '1': 7,
      '2': 20,
    });
  });

  it('begins anew in a topic that was made again', () => {
    expect(offsetsBehindGaps({ '0': 100, '1': 7 }, held([3, 20], [0, 900]))).toEqual({ '0': 3, '1': 0 });
  });
});
