import { aStreamQuery, InMemoryStreamRegistry } from '@millrace/testing';
import type { StreamStatusBody } from '../openapi/stream-status-models';
import { toStreamBody } from './stream-body';

const NOW = new Date('2026-01-01T10:00:00Z');

let streams: InMemoryStreamRegistry;

beforeEach(async () => {
  streams = new InMemoryStreamRegistry();
  await streams.requestStart('transactions', 'transactions-stream', NOW);
});

const body = async (): Promise<StreamStatusBody> => toStreamBody(await streams.find('transactions'), NOW);

const queryBody = async (query: Parameters<typeof aStreamQuery>[0]) => {
  await streams.saveQuery('transactions', aStreamQuery({ updateTime: NOW, ...query }));
  return (await body()).queries[0];
};

describe('a query in the status of the stream', () => {
  it('has what matters of its progress in fields of their own', async () => {
    const figures = { inputRowsPerSecond: 500.5, processedRowsPerSecond: 900, batchDurationMs: 640 };
    const watermark = '2026-01-01T09:50:00.000Z';
    const lastProgress = {
      ...figures,
      eventTime: { watermark },
      stateOperators: [{ numRowsTotal: 40 }, { numRowsTotal: 2 }],
    };
    expect(await queryBody({ lastProgress })).toMatchObject({
      ...figures,
      ...{ state: 'RUNNING', stateRows: 42, watermark },
    });
  });

  it('has nulls where nothing is known yet, and no watermark of 1970', async () => {
    const lastProgress = { eventTime: { watermark: '1970-01-01T00:00:00.000Z' } };
    expect(await queryBody({ lastProgress })).toMatchObject({
      ...{ inputRowsPerSecond: null, batchDurationMs: null, stateRows: null, watermark: null, lag: null },
      ...{ lagUnknown: null, versionsBehind: null, newestIngestion: null, freshnessSeconds: null },
    });
  });

  it('has its lag by partition and in all, and how old the newest readable event is', async () => {
    const newestIngestion = new Date(NOW.getTime() - 90_500).toISOString();
    const measures = { lag: { partitions: { '0': 12, '1': 3 } }, versionsBehind: null, newestIngestion };
    expect(await queryBody({ measures })).toMatchObject({
      ...{ lag: { total: 15, partitions: { '0': 12, '1': 3 } }, newestIngestion, freshnessSeconds: 90.5 },
    });
  });

  it('tells why its lag is not known', async () => {
    const lag = { partitions: null, reason: 'Kafka does not answer' };
    const measures = { lag, versionsBehind: 3, newestIngestion: null };
    expect(await queryBody({ measures })).toMatchObject({
      ...{ lag: null, lagUnknown: 'Kafka does not answer', versionsBehind: 3 },
    });
  });

  it.each([
    ['FAILED', { isActive: false, errorMessage: 'no', failure: 'RESTART_LIMIT' }, 'POST /stream/start'],
    ['FAILED', { isActive: false, errorMessage: 'no', failure: 'DATA_LOSS' }, 'POST /stream/continue'],
    ['RESTARTING', { isActive: false, errorMessage: 'no' }, undefined],
    ['STOPPED', { isActive: false }, undefined],
  ] as const)('is %s when it is %j', async (state, query, cure) => {
    const shown = await queryBody(query);
    expect(shown?.state).toBe(state);
    if (cure === undefined) expect(shown?.cure).toBeNull();
    else expect(shown?.cure).toContain(cure);
  });

  it('is stopped, not restarting, once the stream is stopped', async () => {
    await streams.requestStop('transactions');
    expect((await queryBody({ isActive: false, errorMessage: 'no' }))?.state).toBe('STOPPED');
  });
});

describe('a stream that drains', () => {
  beforeEach(async () => {
    await streams.requestStop('transactions');
    await streams.requestStart('transactions', 'transactions-stream', NOW, [], 'drain');
  });

  it('is active between two of its queries, until it is stopped', async () => {
    await queryBody({ isActive: false, statusMessage: 'Drained' });
    expect((await body()).active).toBe(true);
    await streams.requestStop('transactions');
    expect((await body()).active).toBe(false);
  });

  it.each([
    ['has failed', { isActive: false, errorMessage: 'no', failure: 'RESTART_LIMIT' }],
    ['was not seen for long', { isActive: true, updateTime: new Date(NOW.getTime() - 31_000) }],
  ] as const)('is not active when one of its queries %s', async (_what, query) => {
    await queryBody(query);
    expect((await body()).active).toBe(false);
  });
});

describe('the gaps of the stream', () => {
  it('are all there, the open ones and those that were accepted', async () => {
    const gap = { query: 'transactions', topic: 'transactions-stream', partition: 0, detectedAt: NOW };
    await streams.recordGaps('transactions', [
      { ...gap, generation: 2, fromOffset: 400, untilOffset: null, reason: 'RECREATED', acceptedAt: null },
      { ...gap, generation: 1, fromOffset: 100, untilOffset: 150, reason: 'RETENTION', acceptedAt: NOW },
    ]);
    expect((await body()).gaps).toMatchObject([
      { id: 'transactions-stream/0/400-unknown', reason: 'RECREATED', acceptedAt: null },
      { id: 'transactions-stream/0/100-150', reason: 'RETENTION', acceptedAt: NOW.toISOString() },
    ]);
  });
});
