import type { BatchRegistry, NewBatch, Registration } from '@millrace/domain';
import { aNewBatch, aRegisteredBatch, aRequester, aUuid } from '../builders/batch';
import { CHANGES, END_TIME, START_TIME, idsOf, inParallel, keyOf } from './batch-fixtures';

const UNLIMITED = { maxPending: 1_000 };
const by = (client: string): Pick<NewBatch, 'requestedBy'> => ({ requestedBy: aRequester({ client }) });

/** A request with a key; its number makes the id, its fingerprint is the same for all unless given. */
const keyed = (number: number, overrides: Partial<NewBatch> = {}) =>
  aNewBatch({ uuid: aUuid(number), idempotencyKey: 'key-1', fingerprint: 'same', ...overrides });

export function describeSubmissions(registry: () => BatchRegistry): void {
  describeKeys(registry);
  describeCap(registry);
  describeTwins(registry);
  describeRanks(registry);
}

function describeKeys(registry: () => BatchRegistry): void {
  it('answers a request that is sent again with its key by the batch of the first time, as it is now', async () => {
    const first = await aRegisteredBatch(registry(), keyed(1));
    const running = await registry().claim(keyOf(first), START_TIME);
    const again = await registry().register(keyed(2), UNLIMITED);
    expect(again).toEqual({ kind: 'replayed', record: running });
    expect((await registry().list({ limit: 10 })).total).toBe(1);
  });

  it('answers it also when the queue is full', async () => {
    await aRegisteredBatch(registry(), keyed(1));
    expect(await registry().register(keyed(2), { maxPending: 1 })).toMatchObject({ kind: 'replayed' });
    expect(await registry().register(keyed(3, by('other')), { maxPending: 1 })).toMatchObject({
      kind: 'full',
    });
  });

  it('refuses the key with another request, names its batch and leaves nothing behind', async () => {
    const first = await aRegisteredBatch(registry(), keyed(1));
    await expect(registry().register(keyed(2, { fingerprint: 'other' }), UNLIMITED)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      batchId: first.batchId,
    });
    expect((await registry().list({ limit: 10 })).batches).toEqual([first]);
  });

  it('keeps the keys of clients apart, and requests without one', async () => {
    const batches = [keyed(1), keyed(2, by('other')), keyed(3, { idempotencyKey: 'key-2' })];
    for (const number of [4, 5]) batches.push(keyed(number, { idempotencyKey: null }));
    for (const batch of batches) {
      expect(await registry().register(batch, UNLIMITED)).toMatchObject({ kind: 'registered' });
    }
    expect((await registry().findByKey('other', 'key-1'))?.uuid).toBe(aUuid(2));
    expect((await registry().findByKey('spec', 'key-2'))?.uuid).toBe(aUuid(3));
    expect(await registry().findByKey('other', 'key-2')).toBeUndefined();
  });

  it('makes one batch of 50 parallel requests with one key', async () => {
    const registrations = await inParallel(50, (index) => registry().register(keyed(index), UNLIMITED));
    const registered = registrations.filter(({ kind }) => kind === 'registered');
    expect(registered).toHaveLength(1);
    expect(registrations.filter(({ kind }) => kind === 'replayed')).toHaveLength(49);
    const { total, batches } = await registry().list({ limit: 2 });
    expect(total).toBe(1);
    for (const registration of registrations) expect(registration).toMatchObject({ record: batches[0] });
  });

  it('makes one batch of them also when the queue has room for one', async () => {
    const kinds = await inParallel(20, (index) => registry().register(keyed(index), { maxPending: 1 }));
    expect(kinds.filter(({ kind }) => kind === 'replayed')).toHaveLength(19);
  });
}

function describeCap(registry: () => BatchRegistry): void {
  it('takes no more batches than may wait, also in parallel, and says how many wait', async () => {
    const results = await inParallel(30, (index) =>
      registry().register(aNewBatch({ uuid: aUuid(index) }), { maxPending: 10 }),
    );
    expect(results.filter(({ kind }) => kind === 'registered')).toHaveLength(10);
    expect(results.filter(({ kind }) => kind === 'full')).toHaveLength(20);
    expect(results).toContainEqual({ kind: 'full', pending: 10 });
    expect((await registry().list({ limit: 1 })).total).toBe(10);
  });

  it('keeps the last tenth of the queue for clients of whom few batches wait', async () => {
    const limits = { maxPending: 50 };
    const submit = (count: number, from: number, client: string) =>
      inParallel(count, (index) =>
        registry().register(aNewBatch({ uuid: aUuid(from + index), ...by(client) }), limits),
      );
    const registered = (results: readonly Registration[]) =>
      results.filter(({ kind }) => kind === 'registered').length;
    expect(registered(await submit(60, 0, 'bulk'))).toBe(45);
    expect(registered(await submit(2, 100, 'small'))).toBe(2);
    expect(registered(await submit(10, 200, 'other'))).toBe(3);
    expect(await submit(1, 300, 'late')).toEqual([{ kind: 'full', pending: 50 }]);
  });

  it('counts only batches that wait', async () => {
    const [first, second] = [aNewBatch({ uuid: aUuid(1) }), aNewBatch({ uuid: aUuid(2) })];
    await registry().register(first, { maxPending: 1 });
    await registry().claim(keyOf(first), START_TIME);
    expect(await registry().register(second, { maxPending: 1 })).toMatchObject({ kind: 'registered' });
    expect(await registry().register(aNewBatch(), { maxPending: 0 })).toEqual({ kind: 'full', pending: 1 });
  });
}

function describeTwins(registry: () => BatchRegistry): void {
  const twinOf = async (batch: NewBatch) => {
    const registration = await registry().register(batch, UNLIMITED);
    return registration.kind === 'registered' ? registration.twin : registration.kind;
  };
  const unkeyed = (number: number, overrides: Partial<NewBatch> = {}) =>
    keyed(number, {
      idempotencyKey: null,
      submitTime: new Date(Date.UTC(2025, 0, 15, 10, 30, number)),
      ...overrides,
    });

  it('tells of the newest equal request of the client that has not ended', async () => {
    const [first, second, third] = [unkeyed(1), unkeyed(2), unkeyed(3)];
    expect(await twinOf(first)).toBeNull();
    expect(await twinOf(second)).toBe(first.batchId);
    await registry().claim(keyOf(second), START_TIME);
    expect(await twinOf(third)).toBe(second.batchId);
    await registry().requestCancel(third.batchId, END_TIME);
    await CHANGES.complete(registry(), keyOf(second));
    expect(await twinOf(unkeyed(4))).toBe(first.batchId);
  });

  it('tells nothing of other requests and other clients', async () => {
    await aRegisteredBatch(registry(), unkeyed(1));
    expect(await twinOf(unkeyed(2, { fingerprint: 'other' }))).toBeNull();
    expect(await twinOf(unkeyed(3, by('other')))).toBeNull();
  });

  it('tells the second of a double click', async () => {
    const twins = await inParallel(2, (index) => twinOf(unkeyed(index)));
    expect(twins.filter((twin) => twin === null)).toHaveLength(1);
  });
}

function describeRanks(registry: () => BatchRegistry): void {
  const submit = (client: string, number: number) =>
    aRegisteredBatch(registry(), {
      uuid: aUuid(number),
      submitTime: new Date(Date.UTC(2025, 0, 15, 10, 30) + number),
      ...by(client),
    });

  it("puts one client's only batch second in a queue of a hundred of another, sent at once", async () => {
    await inParallel(100, (index) => submit('many', index));
    const one = await submit('one', 100);
    const queue = await registry().inState('PENDING');
    expect(queue.map(({ batchId }) => batchId).indexOf(one.batchId)).toBe(1);
    expect(queue.map(({ fairRank }) => fairRank)).toEqual([
      1,
      1,
      ...Array.from({ length: 99 }, (_, index) => index + 2),
    ]);
  });

  it('puts it behind the running ones only', async () => {
    const batches = [];
    for (let number = 0; number < 6; number += 1) batches.push(await submit('many', number));
    for (const batch of batches.slice(0, 3)) await registry().claim(keyOf(batch), START_TIME);
    const one = await submit('one', 10);
    expect(one.fairRank).toBe(4);
    const queue = idsOf(await registry().inState('PENDING'));
    expect(queue.indexOf(one.batchId)).toBe(1);
  });

  it('begins at 1 again when nothing is under way', async () => {
    const first = await submit('a', 1);
    await submit('a', 2);
    expect((await submit('a', 3)).fairRank).toBe(3);
    for (const { batchId } of (await registry().list({ limit: 10 })).batches) {
      await registry().requestCancel(batchId, END_TIME);
    }
    expect(first.fairRank).toBe(1);
    expect((await submit('a', 4)).fairRank).toBe(1);
  });
}
