import type { BatchRegistry, NewBatch } from '@millrace/domain';
import { aBatch, aNewBatch, aRegisteredBatch, aRequester, aUuid } from '../builders/batch';
import { anOutcome, inParallel, keyOf } from './batch-fixtures';

/** A request that says everything a request can say. */
const FULL_REQUEST: Partial<NewBatch> = {
  analysisType: 'full_report',
  source: 'kafka',
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: '{"0":200,"1":300}',
  sourceOffsets: { start: { '0': 0, '1': 17 }, end: { '0': 200, '1': 9_007_199_254_740_991 } },
  startDate: null,
  endDate: null,
  afterEventTimestamp: '2025-01-15T10:30:00.123456Z',
  filters: { region: 'EU', is_fraud: false, quantity: 2 },
  sourcePath: '/data/stream/transactions',
  sourceVersion: 2n ** 62n,
  labels: { team: 'pricing', 'cost-center': '"42"' },
  sinks: ['jdbc'],
  timeoutSeconds: 90,
  webhookUrl: 'https://example.org/hook?a=b',
  rerunOf: 'batch-20250114-00000001',
  requestedBy: aRequester({ client: 'team-a', userAgent: null }),
  idempotencyKey: 'key-1',
  fingerprint: 'a'.repeat(64),
};

export function describeRegistration(registry: () => BatchRegistry): void {
  it.each([
    ['little', {}],
    ['everything', FULL_REQUEST],
  ])('registers a request that says %s as a pending batch at its first attempt', async (_, request) => {
    const batch = aNewBatch(request);
    const registration = await registry().register(batch, { maxPending: 1 });
    expect(registration).toEqual({ kind: 'registered', record: aBatch({ ...batch }), twin: null });
    expect(await registry().find(batch.batchId)).toEqual(aBatch({ ...batch }));
    expect((await registry().list({ limit: 1 })).batches).toEqual([aBatch({ ...batch })]);
  });

  it('finds a batch by its id and by its UUID', async () => {
    const batch = await aRegisteredBatch(registry());
    expect(await registry().find(batch.batchId)).toEqual(batch);
    expect(await registry().find(batch.uuid)).toEqual(batch);
  });

  it.each(['batch-20250115-ffffffff', aUuid(0xffffffff), '', 'nonsense', "'; --", '\u0000'])(
    'finds nothing for %j',
    async (reference) => {
      await aRegisteredBatch(registry());
      expect(await registry().find(reference)).toBeUndefined();
    },
  );

  it('refuses a second batch of the same id or UUID and keeps the first', async () => {
    const first = await aRegisteredBatch(registry(), { endDate: '2025-01-30' });
    const sameUuid = { batchId: 'batch-20250116-00000001' };
    const sameId = { batchId: first.batchId, uuid: aUuid(1) };
    for (const taken of [{}, sameUuid, sameId]) {
      await expect(aRegisteredBatch(registry(), taken)).rejects.toMatchObject({ code: 'CONFLICT' });
    }
    expect((await registry().list({ limit: 10 })).batches).toEqual([first]);
  });

  it('lets one of 20 parallel registrations of a batch win', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => aRegisteredBatch(registry())));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await inParallel(1, () => registry().list({ limit: 2 }))).toMatchObject([{ total: 1 }]);
  });

  it('keeps times to the millisecond', async () => {
    const times = ['2025-01-15T10:30:00.001Z', '2025-07-15T23:59:59.999Z', '2024-02-29T00:00:00.500Z'];
    for (const [index, time] of times.entries()) {
      const batch = await aRegisteredBatch(registry(), { uuid: aUuid(index), submitTime: new Date(time) });
      const startTime = new Date(Date.parse(time) + 7);
      await registry().claim(keyOf(batch), startTime);
      const found = await registry().find(batch.batchId);
      expect(found).toMatchObject({ submitTime: new Date(time), startTime });
      expect((await registry().list({ limit: 10 })).batches).toContainEqual(found);
    }
  });

  it('keeps counts and versions above 2^53 exactly', async () => {
    const huge = 2n ** 62n + 1n;
    const batch = await aRegisteredBatch(registry());
    await registry().claim(keyOf(batch), new Date());
    await registry().pinSource(keyOf(batch), { path: '/data/t', version: huge });
    const outcome = anOutcome({ rowCount: huge + 1n, rawVersion: huge + 2n, aggVersion: huge + 3n });
    await registry().complete(keyOf(batch), outcome);
    const found = await registry().find(batch.batchId);
    expect(found).toMatchObject({ sourceVersion: huge, ...outcome });
    expect((await registry().list({ limit: 1 })).batches).toEqual([found]);
  });
}
