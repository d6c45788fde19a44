import type { BatchProgress, BatchRecord } from '@millrace/domain';
import type { StageProgress } from 'spark-connect-js';
import { BatchMeter, shareDone } from './batch-meter';

function aMeter(
  analysisType: 'revenue_by_category' | 'full_report',
  executions: BatchRecord['executions'] = {},
) {
  const told: BatchProgress[] = [];
  const clock = { nowMs: 0 };
  const meter = new BatchMeter(
    { analysisType, executions },
    (progress) => told.push(progress),
    () => clock.nowMs,
  );
  const advance = (...call: Parameters<BatchMeter['advance']>) => {
    clock.nowMs += 500;
    meter.advance(...call);
    return told.at(-1);
  };
  return { meter, told, clock, advance };
}

const aStage = (numTasks: number, numCompletedTasks: number): StageProgress => ({
  stageId: 1,
  numTasks,
  numCompletedTasks,
  inputBytesRead: 0,
  done: numTasks === numCompletedTasks,
});

describe('the progress of a batch', () => {
  it('is for the most part its raw rows where it has one analysis', () => {
    const { advance } = aMeter('revenue_by_category');
    expect(advance('raw', 0.5, undefined)).toEqual({ stage: 'raw', percent: 40, rows: 0 });
    expect(advance('raw', 1, 1_000)).toEqual({ stage: 'raw', percent: 80, rows: 1_000 });
    expect(advance('aggregated', 0.5, 1_000)).toEqual({ stage: 'aggregated', percent: 90, rows: 500 });
  });

  it('adds up the members of a full report, in whatever order they come', () => {
    const { advance } = aMeter('full_report');
    advance('raw', 1, 10);
    expect(advance('aggregated/hourly_trends', 1, 10)?.percent).toBe(47);
    expect(advance('aggregated/fraud_analysis', 0.5, 10)?.percent).toBe(51);
    expect(advance('aggregated/hourly_trends', 1, 10)?.percent).toBe(51);
  });

  it('never falls', () => {
    const { advance } = aMeter('revenue_by_category');
    advance('raw', 0.9, undefined);
    expect(advance('raw', 0.2, undefined)?.percent).toBe(72);
  });

  it('is told twice a second at most, and when a step ends', () => {
    const { meter, told, clock } = aMeter('revenue_by_category');
    for (clock.nowMs = 0; clock.nowMs < 2_000; clock.nowMs += 10) meter.advance('raw', 0.1, undefined);
    expect(told).toHaveLength(4);
    for (let again = 0; again < 3; again += 1) meter.advance('raw', 1, 10);
    expect(told).toHaveLength(5);
    expect(told.at(-1)).toEqual({ stage: 'raw', percent: 80, rows: 10 });
  });

  it('counts what earlier attempts have finished', () => {
    const finished = { operationId: 'o', sessionId: 's', outcome: { version: 0, rowCount: 10 } };
    const { advance } = aMeter('full_report', { raw: finished, 'aggregated/fraud_analysis': finished });
    expect(advance('aggregated/hourly_trends', 1, 10)?.percent).toBe(55);
  });

  it('is never all before the batch is completed', () => {
    const { advance } = aMeter('revenue_by_category');
    advance('raw', 1, 10);
    advance('aggregated', 1, 10);
    expect(advance('sinks', 0, undefined)).toEqual({ stage: 'sinks', percent: 99, rows: 0 });
  });
});

describe('how much of an execution is done', () => {
  it('is nothing before a task has ended, and never all', () => {
    expect(shareDone({ stages: [] })).toBe(0);
    expect(shareDone({ stages: [aStage(8, 0), aStage(0, 0)] })).toBe(0);
    expect(shareDone({ stages: Array.from({ length: 5 }, () => aStage(1_000, 1_000)) })).toBeLessThan(1);
  });

  it('rises with each task, little by the short stages that read the log of a table, and never falls as stages come', () => {
    const shares = [
      [aStage(1, 1)],
      [aStage(1, 1), aStage(9, 0)],
      [aStage(1, 1), aStage(9, 5)],
      [aStage(1, 1), aStage(9, 9), aStage(5, 0)],
      [aStage(1, 1), aStage(9, 9), aStage(5, 5)],
    ].map((stages) => shareDone({ stages }));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.15);
    expect(shares[4]).toBeGreaterThan(0.5);
  });
});
