import type { BatchRegistry } from '@millrace/domain';
import { aBatch, aNewBatch, aUuid } from '../builders/batch';
import { anOutcome, keyOf } from './batch-fixtures';

/** Three batches submitted a second apart; the oldest has the highest number. */
const THREE = [3, 2, 1].map((number, index) =>
  aNewBatch({ uuid: aUuid(number), submitTime: new Date(Date.UTC(2025, 0, 15, 10, 30, index)) }),
);
const NEWEST_FIRST = THREE.map(({ batchId }) => batchId).reverse();

export function describeReads(registry: () => BatchRegistry): void {
  describe('registering and finding', () => {
    describeRegistration(registry);
  });
  describe('listing', () => {
    beforeEach(async () => {
      for (const batch of THREE) await registry().register(batch);
    });
    describeLists(registry);
  });
}

function describeRegistration(registry: () => BatchRegistry): void {
  it('registers a pending batch at its first attempt, with nothing else filled in', async () => {
    const batch = aNewBatch({ filters: { region: 'EU', is_fraud: false, quantity: 2 } });
    const registered = await registry().register(batch);
    expect(registered).toEqual(aBatch({ ...batch }));
    expect(await registry().find(batch.batchId)).toEqual(registered);
  });

  it('finds a batch by its id and by its UUID', async () => {
    const batch = await registry().register(aNewBatch());
    expect(await registry().find(batch.batchId)).toEqual(batch);
    expect(await registry().find(batch.uuid)).toEqual(batch);
  });

  it.each(['batch-20250115-ffffffff', aUuid(0xffffffff), '', 'nonsense', "'; --", '\u0000'])(
    'finds nothing for %j',
    async (reference) => {
      await registry().register(aNewBatch());
      expect(await registry().find(reference)).toBeUndefined();
    },
  );

  it('refuses a second batch of the same id or UUID and keeps the first', async () => {
    const first = await registry().register(aNewBatch({ endDate: '2025-01-30' }));
    const sameUuid = aNewBatch({ batchId: 'batch-20250116-00000001' });
    const sameId = aNewBatch({ batchId: first.batchId, uuid: aUuid(1) });
    for (const taken of [aNewBatch(), sameUuid, sameId]) {
      await expect(registry().register(taken)).rejects.toMatchObject({ code: 'CONFLICT' });
    }
    expect((await registry().list({ limit: 10 })).batches).toEqual([first]);
  });

  it('lets one of 20 parallel registrations of a batch win', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => registry().register(aNewBatch())),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps times to the millisecond', async () => {
    const times = ['2025-01-15T10:30:00.001Z', '2025-07-15T23:59:59.999Z', '2024-02-29T00:00:00.500Z'];
    for (const [index, time] of times.entries()) {
      const batch = aNewBatch({ uuid: aUuid(index), submitTime: new Date(time) });
      await registry().register(batch);
      const startTime = new Date(Date.parse(time) + 7);
      await registry().claim(keyOf(batch), startTime);
      const found = await registry().find(batch.batchId);
      expect(found).toMatchObject({ submitTime: new Date(time), startTime });
      expect((await registry().list({ limit: 10 })).batches).toContainEqual(found);
    }
  });

  it('keeps counts and versions above 2^53 exactly', async () => {
    const huge = 2n ** 62n + 1n;
    const batch = await registry().register(aNewBatch());
    await registry().claim(keyOf(batch), new Date());
    await registry().pinSource(keyOf(batch), { path: '/data/t', version: huge });
    const outcome = anOutcome({ rowCount: huge + 1n, rawVersion: huge + 2n, aggVersion: huge + 3n });
    await registry().complete(keyOf(batch), outcome);
    const found = await registry().find(batch.batchId);
    expect(found).toMatchObject({ sourceVersion: huge, ...outcome });
    expect((await registry().list({ limit: 1 })).batches).toEqual([found]);
  });
}

function describeLists(registry: () => BatchRegistry): void {
  it('lists the newest first', async () => {
    const { total, batches } = await registry().list({ limit: 10 });
    expect(total).toBe(3);
    expect(batches.map(({ batchId }) => batchId)).toEqual(NEWEST_FIRST);
  });

  it('lists batches of the same moment in the order of their ids', async () => {
    const submitTime = new Date('2025-01-16T00:00:00.000Z');
    for (const number of [0xc, 0xa, 0xb])
      await registry().register(aNewBatch({ uuid: aUuid(number), submitTime }));
    const { batches } = await registry().list({ limit: 3 });
    expect(batches.map(({ uuid }) => uuid)).toEqual([aUuid(0xa), aUuid(0xb), aUuid(0xc)]);
  });

  it('counts all that match, not the page', async () => {
    const { total, batches } = await registry().list({ limit: 2 });
    expect(total).toBe(3);
    expect(batches.map(({ batchId }) => batchId)).toEqual(NEWEST_FIRST.slice(0, 2));
  });

  it('lists one state only when asked', async () => {
    await registry().claim({ batchId: NEWEST_FIRST[2] ?? '', attempt: 1 }, new Date());
    const { total, batches } = await registry().list({ status: 'RUNNING', limit: 10 });
    expect(total).toBe(1);
    expect(batches.map(({ batchId }) => batchId)).toEqual(NEWEST_FIRST.slice(-1));
    expect(await registry().list({ status: 'UNKNOWN', limit: 10 })).toEqual({ total: 0, batches: [] });
  });

  it('gives every batch of a state, oldest first', async () => {
    await registry().claim({ batchId: NEWEST_FIRST[1] ?? '', attempt: 1 }, new Date());
    const idsIn = async (status: 'PENDING' | 'RUNNING') =>
      (await registry().inState(status)).map(({ batchId }) => batchId);
    expect(await idsIn('PENDING')).toEqual([NEWEST_FIRST[2], NEWEST_FIRST[0]]);
    expect(await idsIn('RUNNING')).toEqual([NEWEST_FIRST[1]]);
  });
}
