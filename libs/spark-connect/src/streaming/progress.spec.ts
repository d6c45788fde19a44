import { ProtocolError } from '../errors/spark-connect-error';
import { parseStreamingQueryProgress } from './progress';

// Captured from Spark 4.0.1: one micro-batch of each query, in both shapes.
const AGGREGATION_OF_LAST_PROGRESS = [
  '{"id":"390e0d96-45ff-49de-b352-9636dcb05292","runId":"1cd9f02f-af99-4f7e-838c-9d4a28a59a47",',
  '"name":"cap","timestamp":"2026-11-21T12:19:17.000Z","batchId":7,"batchDuration":357,',
  '"durationMs":{"triggerExecution":357,"queryPlanning":23,"getBatch":0,"commitOffsets":3,',
  '"latestOffset":0,"addBatch":327,"walCommit":4},"eventTime":{"min":"2026-11-21T12:19:15.611Z",',
  '"avg":"2026-11-21T12:19:16.086Z","watermark":"2026-11-21T12:19:14.561Z",',
  '"max":"2026-11-21T12:19:16.561Z"},"stateOperators":[{"operatorName":"stateStoreSave",',
  '"numRowsTotal":3,"numRowsUpdated":2,"allUpdatesTimeMs":14,"numRowsRemoved":0,',
  '"allRemovalsTimeMs":0,"commitTimeMs":2,"memoryUsedBytes":1264,"numRowsDroppedByWatermark":0,',
  '"numShufflePartitions":1,"numStateStoreInstances":1,',
  '"customMetrics":{"stateOnCurrentVersionSizeBytes":744,"loadedMapCacheHitCount":14,',
  '"loadedMapCacheMissCount":0}}],',
  '"sources":[{"description":"RateStreamV2[rowsPerSecond=20, rampUpTimeSeconds=0, numPartitions=default",',
  '"startOffset":"3","endOffset":"4","latestOffset":"4","numInputRows":20,',
  '"inputRowsPerSecond":40.08016032064128,"processedRowsPerSecond":56.022408963585434,',
  '"metrics":{}}],"sink":{"description":"MemorySink","numOutputRows":2,"metrics":{}},',
  '"observedMetrics":{"m":{"values":[20,79],"schema":{"type":"struct","fields":[{"name":"n",',
  '"type":"long","nullable":false,"metadata":{}},{"name":"mx","type":"long","nullable":true,',
  '"metadata":{}}]}}}}',
].join('');

const AGGREGATION_OF_LISTENER = [
  '{"progress":{"id":"390e0d96-45ff-49de-b352-9636dcb05292",',
  '"runId":"1cd9f02f-af99-4f7e-838c-9d4a28a59a47","name":"cap",',
  '"timestamp":"2026-11-21T12:19:17.000Z","batchId":7,"batchDuration":357,"numInputRows":20,',
  '"inputRowsPerSecond":40.08016032064128,"processedRowsPerSecond":56.022408963585434,',
  '"durationMs":{"addBatch":327,"commitOffsets":3,"getBatch":0,"latestOffset":0,',
  '"queryPlanning":23,"triggerExecution":357,"walCommit":4},',
  '"eventTime":{"avg":"2026-11-21T12:19:16.086Z","max":"2026-11-21T12:19:16.561Z",',
  '"min":"2026-11-21T12:19:15.611Z","watermark":"2026-11-21T12:19:14.561Z"},',
  '"stateOperators":[{"operatorName":"stateStoreSave","numRowsTotal":3,"numRowsUpdated":2,',
  '"allUpdatesTimeMs":14,"numRowsRemoved":0,"allRemovalsTimeMs":0,"commitTimeMs":2,',
  '"memoryUsedBytes":1264,"numRowsDroppedByWatermark":0,"numShufflePartitions":1,',
  '"numStateStoreInstances":1,"customMetrics":{"loadedMapCacheHitCount":14,',
  '"loadedMapCacheMissCount":0,"stateOnCurrentVersionSizeBytes":744}}],',
  '"sources":[{"description":"RateStreamV2[rowsPerSecond=20, rampUpTimeSeconds=0, numPartitions=default",',
  '"startOffset":3,"endOffset":4,"latestOffset":4,"numInputRows":20,',
  '"inputRowsPerSecond":40.08016032064128,"processedRowsPerSecond":56.022408963585434}],',
  '"sink":{"description":"MemorySink","numOutputRows":2},"observedMetrics":{"m":{"n":20,',
  '"mx":79}}}}',
].join('');

const KAFKA_OF_LAST_PROGRESS = [
  '{"id":"8545f0b2-14c2-41e8-bfbc-b4eefde5801e","runId":"5c6f088d-14ab-474d-987e-33d19b18b71c",',
  '"name":"k","timestamp":"2026-11-21T12:30:24.439Z","batchId":1,"batchDuration":1932,',
  '"durationMs":{"triggerExecution":1932,"queryPlanning":4,"getBatch":0,"commitOffsets":1,',
  '"latestOffset":1,"addBatch":1924,"walCommit":1},"eventTime":{},"stateOperators":[],',
  '"sources":[{"description":"KafkaV2[Subscribe[events]]",',
  '"startOffset":"{\\"events\\":{\\"0\\":30,\\"1\\":29}}",',
  '"endOffset":"{\\"events\\":{\\"0\\":51,\\"1\\":49}}",',
  '"latestOffset":"{\\"events\\":{\\"0\\":51,\\"1\\":49}}","numInputRows":41,',
  '"inputRowsPerSecond":39.69022265246854,"processedRowsPerSecond":21.22153209109731,',
  '"metrics":{"minOffsetsBehindLatest":"0","maxOffsetsBehindLatest":"0",',
  '"avgOffsetsBehindLatest":"0.0"}}],"sink":{"description":"DeltaSink[/data/t]",',
  '"numOutputRows":-1,"metrics":{}},"observedMetrics":{}}',
].join('');

const KAFKA_OF_LISTENER = [
  '{"progress":{"id":"8545f0b2-14c2-41e8-bfbc-b4eefde5801e",',
  '"runId":"5c6f088d-14ab-474d-987e-33d19b18b71c","name":"k",',
  '"timestamp":"2026-11-21T12:30:24.439Z","batchId":1,"batchDuration":1932,"numInputRows":41,',
  '"inputRowsPerSecond":39.69022265246854,"processedRowsPerSecond":21.22153209109731,',
  '"durationMs":{"addBatch":1924,"commitOffsets":1,"getBatch":0,"latestOffset":1,',
  '"queryPlanning":4,"triggerExecution":1932,"walCommit":1},"stateOperators":[],',
  '"sources":[{"description":"KafkaV2[Subscribe[events]]","startOffset":{"events":{"0":30,',
  '"1":29}},"endOffset":{"events":{"0":51,"1":49}},"latestOffset":{"events":{"0":51,"1":49}},',
  '"numInputRows":41,"inputRowsPerSecond":39.69022265246854,',
  '"processedRowsPerSecond":21.22153209109731,"metrics":{"avgOffsetsBehindLatest":"0.0",',
  '"maxOffsetsBehindLatest":"0","minOffsetsBehindLatest":"0"}}],',
  '"sink":{"description":"DeltaSink[/data/t]","numOutputRows":-1}}}',
].join('');

describe('parseStreamingQueryProgress', () => {
  it.each([
    ['an aggregation with observed metrics', AGGREGATION_OF_LAST_PROGRESS, AGGREGATION_OF_LISTENER],
    ['Kafka to Delta', KAFKA_OF_LAST_PROGRESS, KAFKA_OF_LISTENER],
  ])('gives the same report for both shapes: %s', (_query, ofLastProgress, ofListener) => {
    const { progress } = JSON.parse(ofListener) as { progress: unknown };
    const report = parseStreamingQueryProgress(JSON.stringify(progress));
    expect(parseStreamingQueryProgress(ofLastProgress)).toEqual(report);
  });

  it('reads times, totals, state and observed metrics of an aggregation', () => {
    expect(parseStreamingQueryProgress(AGGREGATION_OF_LAST_PROGRESS)).toEqual({
      id: '390e0d96-45ff-49de-b352-9636dcb05292',
      runId: '1cd9f02f-af99-4f7e-838c-9d4a28a59a47',
      name: 'cap',
      timestamp: '2026-11-21T12:19:17.000Z',
      batchId: 7,
      batchDurationMs: 357,
      numInputRows: 20,
      inputRowsPerSecond: 40.08016032064128,
      processedRowsPerSecond: 56.022408963585434,
      durationMs: {
        addBatch: 327,
        commitOffsets: 3,
        getBatch: 0,
        latestOffset: 0,
        queryPlanning: 23,
        triggerExecution: 357,
        walCommit: 4,
      },
      eventTime: {
        avg: '2026-11-21T12:19:16.086Z',
        max: '2026-11-21T12:19:16.561Z',
        min: '2026-11-21T12:19:15.611Z',
        watermark: '2026-11-21T12:19:14.561Z',
      },
      stateOperators: [
        {
          operatorName: 'stateStoreSave',
          numRowsTotal: 3,
          numRowsUpdated: 2,
          numRowsRemoved: 0,
          numRowsDroppedByWatermark: 0,
          memoryUsedBytes: 1264,
          allUpdatesTimeMs: 14,
          allRemovalsTimeMs: 0,
          commitTimeMs: 2,
          numShufflePartitions: 1,
          numStateStoreInstances: 1,
          customMetrics: {
            loadedMapCacheHitCount: 14,
            loadedMapCacheMissCount: 0,
            stateOnCurrentVersionSizeBytes: 744,
          },
        },
      ],
      sources: [
        {
          description: 'RateStreamV2[rowsPerSecond=20, rampUpTimeSeconds=0, numPartitions=default',
          startOffset: 3,
          endOffset: 4,
          latestOffset: 4,
          numInputRows: 20,
          inputRowsPerSecond: 40.08016032064128,
          processedRowsPerSecond: 56.022408963585434,
          metrics: {},
        },
      ],
      sink: { description: 'MemorySink', numOutputRows: 2, metrics: {} },
      observedMetrics: { m: { n: 20, mx: 79 } },
    });
  });

  it("reads Kafka's offsets and lag, and Delta's missing row count", () => {
    expect(parseStreamingQueryProgress(KAFKA_OF_LAST_PROGRESS)).toMatchObject({
      batchId: 1,
      numInputRows: 41,
      sources: [
        {
          startOffset: { events: { '0': 30, '1': 29 } },
          endOffset: { events: { '0': 51, '1': 49 } },
          latestOffset: { events: { '0': 51, '1': 49 } },
          metrics: { maxOffsetsBehindLatest: '0', avgOffsetsBehindLatest: '0.0' },
        },
      ],
      sink: { description: 'DeltaSink[/data/t]', numOutputRows: undefined },
    });
  });

  const report = (members: object): string =>
    JSON.stringify({ id: 'i', runId: 'r', timestamp: 't', batchId: 1, ...members });

  it('sums the rows and the rates of several sources', () => {
    const sources = [
      { numInputRows: 2, inputRowsPerSecond: 1.5 },
      { numInputRows: 3, inputRowsPerSecond: 2 },
    ];
    const progress = parseStreamingQueryProgress(report({ sources }));
    expect(progress).toMatchObject({ numInputRows: 5, inputRowsPerSecond: 3.5 });
  });

  it('has no rate where Spark writes NaN or nothing', () => {
    const sources = [{ inputRowsPerSecond: 'NaN', processedRowsPerSecond: 'Infinity' }];
    expect(parseStreamingQueryProgress(report({ name: null, sources }))).toMatchObject({
      name: undefined,
      inputRowsPerSecond: undefined,
      processedRowsPerSecond: undefined,
    });
  });

  it('keeps an offset that is no JSON as text', () => {
    const sources = [{ endOffset: 'file-7' }];
    expect(parseStreamingQueryProgress(report({ sources })).sources[0]?.endOffset).toBe('file-7');
  });

  it('keeps an offset beyond 2^53 exact, as text, in both shapes', () => {
    const offset = '{"events":{"0":9007199254740993,"1":9007199254740991,"2":1.5}}';
    const expected = { events: { '0': '9007199254740993', '1': 9007199254740991, '2': 1.5 } };
    const parsed = report({}).replace('}', `,"sources":[{"endOffset":${offset}}]}`);
    const text = report({ sources: [{ endOffset: offset }] });
    for (const shape of [parsed, text])
      expect(parseStreamingQueryProgress(shape).sources[0]?.endOffset).toEqual(expected);
  });

  it('leaves digits inside a text alone', () => {
    const sources = [{ description: 'a \\"12345678901234567890\\" b' }];
    expect(parseStreamingQueryProgress(report({ sources })).sources[0]?.description).toBe(
      sources[0]?.description,
    );
  });

  it('leaves out members it does not know, and has defaults for those that are missing', () => {
    const progress = parseStreamingQueryProgress(report({ fromTheFuture: { x: 1 }, sources: 'odd' }));
    expect(progress).toEqual({
      id: 'i',
      runId: 'r',
      name: undefined,
      timestamp: 't',
      batchId: 1,
      batchDurationMs: undefined,
      numInputRows: 0,
      inputRowsPerSecond: undefined,
      processedRowsPerSecond: undefined,
      durationMs: {},
      eventTime: {},
      stateOperators: [],
      sources: [],
      sink: { description: '', numOutputRows: undefined, metrics: {} },
      observedMetrics: {},
    });
  });

  it('reads rows within rows of observed metrics', () => {
    const row = (values: unknown[], ...names: string[]) => ({
      values,
      schema: { type: 'struct', fields: names.map((name) => ({ name, type: 'long' })) },
    });
    const observedMetrics = { m: row([row([1, 2], 'x', 'y'), [row([3], 'z')]], 'pair', 'list') };
    expect(parseStreamingQueryProgress(report({ observedMetrics })).observedMetrics).toEqual({
      m: { pair: { x: 1, y: 2 }, list: [{ z: 3 }] },
    });
  });

  it.each([['{"id":'], ['[]'], ['null'], ['{"id":"i","runId":"r","timestamp":"t"}']])(
    'refuses %s as a violation of the protocol',
    (text) => {
      expect(() => parseStreamingQueryProgress(text)).toThrow(ProtocolError);
    },
  );
});
