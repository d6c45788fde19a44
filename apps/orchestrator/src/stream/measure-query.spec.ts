import { measureQuery } from './measure-query';

const TOPIC = 'transactions-stream';
const held = (...ends: number[]) => ({ held: ends.map((end, partition) => ({ partition, first: 3, end })) });
const progress = (endOffset: unknown, observedMetrics: unknown = {}) => ({
  sources: [{ endOffset }],
  observedMetrics,
});

describe('the lag of a query on a topic', () => {
  const lagOf = (report: unknown, seen: Parameters<typeof topic>[0]) =>
    measureQuery(report, topic(seen), null).lag;
  const topic = (seen: ReturnType<typeof held> | { reason: string } | undefined) =>
    ({ kind: 'topic', topic: TOPIC, seen }) as const;

  it('is what lies between its offsets and the ends, by partition', () => {
    expect(lagOf(progress({ [TOPIC]: { '0': 90, '1': 7 } }), held(100, 7))).toEqual({
      partitions: { '0': 10, '1': 0 },
    });
  });

  it('is all that a partition holds which the query has not met', () => {
    expect(lagOf(progress({ [TOPIC]: { '0': 90 } }), held(90, 20))).toEqual({
      partitions: { '0': 0, '1': 17 },
    });
  });

  it('is not less than nothing where the query has read on since Kafka was asked', () => {
    expect(lagOf(progress({ [TOPIC]: { '0': 95 } }), held(90))).toEqual({ partitions: { '0': 0 } });
  });

  it.each([
    [undefined, 'Kafka has not been asked yet'],
    [{ reason: 'Kafka does not answer' }, 'Kafka does not answer'],
  ])('is unknown for a reason: %j', (seen, reason) => {
    expect(lagOf(progress({ [TOPIC]: { '0': 95 } }), seen)).toEqual({ partitions: null, reason });
  });

  it.each([undefined, null, progress(null), progress({ another: { '0': 1 } })])(
    'is unknown before the first micro-batch: %j',
    (report) => {
      expect(lagOf(report, held(90))).toEqual({
        partitions: null,
        reason: 'The query has not ended a micro-batch yet',
      });
    },
  );
});

describe('how far a query on a table is behind', () => {
  const behind = (report: unknown, latestVersion: number | undefined) =>
    measureQuery(report, { kind: 'table', latestVersion }, null);

  it('is the versions from the one that it reads next', () => {
    expect(behind(progress({ reservoirVersion: 8, index: -1 }), 10)).toMatchObject({
      lag: null,
      versionsBehind: 3,
    });
    expect(behind(progress({ reservoirVersion: 11, index: -1 }), 10).versionsBehind).toBe(0);
  });

  it('is not known before it has read, or while Delta does not tell', () => {
    expect(behind(undefined, 10).versionsBehind).toBeNull();
    expect(behind(progress({ reservoirVersion: 8 }), undefined).versionsBehind).toBeNull();
  });
});

describe('the newest event that is readable', () => {
  const source = { kind: 'table', latestVersion: undefined } as const;
  const at = (ms: number) => new Date(ms).toISOString();
  const before = { lag: null, versionsBehind: null, newestIngestion: at(5_000) };

  it('is what the micro-batch has seen of the topic or of the table', () => {
    const ofTopic = progress(null, { contract: { received: 3, newest: 7_000 } });
    const ofTable = progress(null, { ingestion: { newest: '8000' } });
    expect(measureQuery(ofTopic, source, null).newestIngestion).toBe(at(7_000));
    expect(measureQuery(ofTable, source, before).newestIngestion).toBe(at(8_000));
  });

  it.each([{}, { contract: { newest: null } }, { contract: { newest: 4_000 } }])(
    'stays what it was when a micro-batch has none that is newer: %j',
    (observed) => {
      expect(measureQuery(progress(null, observed), source, before).newestIngestion).toBe(at(5_000));
    },
  );
});
