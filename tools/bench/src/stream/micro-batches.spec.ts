import { parseStreamingQueryProgress } from 'spark-connect-js';
import { MicroBatches } from './micro-batches';

const report = (batchId: number, batchDuration: number, numInputRows = 5) =>
  parseStreamingQueryProgress(
    JSON.stringify({ id: 'a', runId: 'b', timestamp: 'c', batchId, batchDuration, numInputRows }),
  );

describe('micro-batches', () => {
  it('are counted once, whatever reports have them, and idle triggers are none', () => {
    const batches = new MicroBatches();
    batches.note([report(0, 900), report(1, 300)]);
    batches.note([report(1, 300), report(2, 100), report(3, 1, 0)]);
    expect(batches.count).toBe(3);
    expect(batches.last(2)).toEqual({ meanMs: 200, medianMs: 200, longestMs: 300 });
  });

  it('are told by their order, not by the order of the reports', () => {
    const batches = new MicroBatches();
    batches.note([report(3, 40), report(0, 900), report(2, 30), report(1, 20)]);
    expect(batches.first(2, 1)).toEqual({ meanMs: 25, medianMs: 25, longestMs: 30 });
    expect(batches.last(1)).toEqual({ meanMs: 40, medianMs: 40, longestMs: 40 });
  });
});
