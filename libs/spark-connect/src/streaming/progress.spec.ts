import { parseStreamingQueryProgress } from './progress';

const COMMON = {
  id: 'i',
  runId: 'r',
  name: 'n',
  timestamp: '2026-01-01T00:00:00.000Z',
  batchId: 3,
  batchDuration: 120,
  durationMs: { addBatch: 100, triggerExecution: 120 },
  eventTime: { watermark: '2026-01-01T00:00:00.000Z' },
  stateOperators: [
    {
      operatorName: 'dedupe',
      numRowsTotal: 5,
      numRowsUpdated: 2,
      numRowsRemoved: 0,
      numRowsDroppedByWatermark: 1,
      memoryUsedBytes: 900,
      customMetrics: { numDroppedDuplicateRows: 4 },
    },
  ],
  sink: { description: 'DeltaSink[/t]', numOutputRows: -1 },
};
const SOURCE = {
  description: 'KafkaV2[Subscribe[t]]',
  numInputRows: 10,
  inputRowsPerSecond: 5.5,
  processedRowsPerSecond: 7,
  metrics: { maxOffsetsBehindLatest: '12', avgOffsetsBehindLatest: '1.5' },
};
const OFFSETS = {
  startOffset: { t: { '0': 1 } },
  endOffset: { t: { '0': 11 } },
  latestOffset: { t: { '0': 23 } },
};

/** As `lastProgress` gives it: no totals, offsets as JSON text. */
const JACKSON = JSON.stringify({
  ...COMMON,
  sources: [
    {
      ...SOURCE,
      startOffset: JSON.stringify(OFFSETS.startOffset),
      endOffset: JSON.stringify(OFFSETS.endOffset),
      latestOffset: JSON.stringify(OFFSETS.latestOffset),
    },
  ],
  observedMetrics: {},
});
/** As listener events give it. */
const LISTENER = JSON.stringify({
  ...COMMON,
  numInputRows: 10,
  inputRowsPerSecond: 5.5,
  processedRowsPerSecond: 7,
  sources: [{ ...SOURCE, ...OFFSETS }],
});

describe('parseStreamingQueryProgress', () => {
  it('gives the same report for both shapes', () => {
    expect(parseStreamingQueryProgress(JACKSON)).toEqual(parseStreamingQueryProgress(LISTENER));
  });

  it('reads totals, offsets, state and health', () => {
    expect(parseStreamingQueryProgress(JACKSON)).toEqual({
      id: 'i',
      runId: 'r',
      name: 'n',
      timestamp: '2026-01-01T00:00:00.000Z',
      batchId: 3,
      batchDurationMs: 120,
      numInputRows: 10,
      inputRowsPerSecond: 5.5,
      processedRowsPerSecond: 7,
      durationMs: { addBatch: 100, triggerExecution: 120 },
      eventTime: { watermark: '2026-01-01T00:00:00.000Z' },
      stateOperators: COMMON.stateOperators,
      sources: [{ ...SOURCE, ...OFFSETS }],
      sink: { description: 'DeltaSink[/t]', numOutputRows: undefined, metrics: {} },
      observedMetrics: {},
    });
  });

  it('sums the rows of several sources', () => {
    const sources = [{ numInputRows: 2 }, { numInputRows: 3 }];
    expect(parseStreamingQueryProgress(JSON.stringify({ ...COMMON, sources })).numInputRows).toBe(5);
  });

  it('has no rate where Spark writes NaN or nothing', () => {
    const sources = [{ ...SOURCE, inputRowsPerSecond: 'NaN', processedRowsPerSecond: 'Infinity' }];
    const progress = parseStreamingQueryProgress(JSON.stringify({ ...COMMON, name: null, sources }));
    expect(progress).toMatchObject({
      name: undefined,
      inputRowsPerSecond: undefined,
      processedRowsPerSecond: undefined,
    });
  });

  it('keeps an offset that is no JSON as text', () => {
    const sources = [{ ...SOURCE, endOffset: 'file-7' }];
    expect(parseStreamingQueryProgress(JSON.stringify({ ...COMMON, sources })).sources[0]?.endOffset).toBe(
      'file-7',
    );
  });
});
