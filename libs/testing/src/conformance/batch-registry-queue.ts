import type { BatchRegistry, Lineage, NewBatch } from '@millrace/domain';
import { aRegisteredBatch, aRequester, aUuid } from '../builders/batch';
import { START_TIME, anOutcome, idsOf, keyOf } from './batch-fixtures';

const second = (number: number) => new Date(Date.UTC(2025, 0, 15, 10, 30, number));

export function describeQueue(registry: () => BatchRegistry): void {
  const submit = (number: number, overrides: Partial<NewBatch> = {}) =>
    aRegisteredBatch(registry(), { uuid: aUuid(number), submitTime: second(number), ...overrides });

  it('gives every batch of a state by rank, then by time, then by id', async () => {
    const [a1, a2, a3] = [await submit(1), await submit(2), await submit(3)];
    const requestedBy = aRequester({ client: 'other' });
    const b1 = await submit(4, { requestedBy });
    const b2 = await submit(0, { requestedBy });
    expect(idsOf(await registry().inState('PENDING'))).toEqual(idsOf([a1, b1, b2, a2, a3]));
    await registry().claim(keyOf(a1), START_TIME);
    expect(idsOf(await registry().inState('RUNNING'))).toEqual([a1.batchId]);
    expect(idsOf(await registry().inState('PENDING'))).toEqual(idsOf([b1, b2, a2, a3]));
  });

  it('tells each batch how many are before it', async () => {
    const batches = [await submit(1), await submit(2), await submit(3)];
    batches.splice(1, 0, await submit(4, { requestedBy: aRequester({ client: 'other' }) }));
    const positions = () => Promise.all(batches.map((batch) => registry().queuePosition(batch)));
    expect(await positions()).toEqual([0, 1, 2, 3]);
    await registry().claim(keyOf(batches[0] ?? { batchId: '' }), START_TIME);
    expect((await positions()).slice(1)).toEqual([0, 1, 2]);
  });

  describeLineage(registry, submit);
}

function describeLineage(
  registry: () => BatchRegistry,
  submit: (number: number, overrides?: Partial<NewBatch>) => Promise<{ batchId: string }>,
): void {
  const lineage = (overrides: Partial<Lineage> = {}): Lineage => ({
    analysisType: 'revenue_by_category',
    source: 'delta',
    topic: null,
    filters: null,
    ...overrides,
  });

  const complete = async (batch: { batchId: string }, maxEventTimestamp: string | null) => {
    await registry().claim(keyOf(batch), START_TIME);
    await registry().complete(keyOf(batch), anOutcome({ maxEventTimestamp }));
  };
  const latest = async (...statuses: Parameters<BatchRegistry['latestOf']>[1]) =>
    (await registry().latestOf(lineage(), statuses))?.batchId;

  it('finds the newest batch of a lineage in one of the states', async () => {
    const [old, completed] = [await submit(1), await submit(2)];
    const running = await submit(3, { afterEventTimestamp: '2025-02-01T00:00:00.000001Z' });
    await submit(4);
    for (const batch of [old, completed]) await complete(batch, '2025-01-31T23:59:59.999999Z');
    await registry().claim(keyOf(running), START_TIME);
    expect(await latest('COMPLETED')).toBe(completed.batchId);
    expect(await latest('COMPLETED', 'RUNNING')).toBe(running.batchId);
    expect(await latest('FAILED')).toBeUndefined();
    expect(await latest()).toBeUndefined();
  });

  it('goes on where most days were read, whatever was submitted about old ones since', async () => {
    const furthest = await submit(2);
    await complete(furthest, '2025-02-10T12:00:00.000002Z');
    for (const [number, last] of [
      [1, '2025-02-10T12:00:00.000001Z'],
      [3, '2024-12-31T23:59:59.999999Z'],
      [4, null],
    ] as const) {
      await complete(await submit(number), last);
    }
    expect(await latest('COMPLETED')).toBe(furthest.batchId);
    // Of days without events it is told where it began.
    const empty = await submit(0, { afterEventTimestamp: '2025-02-10T12:00:00.000003Z' });
    await complete(empty, null);
    expect(await latest('COMPLETED')).toBe(empty.batchId);
    const later = await submit(5, { startDate: '2025-02-11', endDate: '2025-02-11' });
    await complete(later, null);
    expect(await latest('COMPLETED')).toBe(later.batchId);
  });

  it('goes on from the newest batch of a topic, whose events have no order', async () => {
    const topic = { source: 'kafka', topic: 'one' } as const;
    const [first, second] = [await submit(1, topic), await submit(2, topic)];
    await complete(first, '2025-02-10T12:00:00.000002Z');
    await complete(second, '2025-01-10T12:00:00.000002Z');
    expect((await registry().latestOf(lineage(topic), ['COMPLETED']))?.batchId).toBe(second.batchId);
  });

  it('does not continue from a rerun, which looks back', async () => {
    const first = await submit(1);
    await submit(2, { rerunOf: first.batchId });
    expect((await registry().latestOf(lineage(), ['PENDING']))?.batchId).toBe(first.batchId);
  });

  it.each<[string, Partial<Lineage>, number | undefined]>([
    ['nothing', {}, 1],
    ['the analysis', { analysisType: 'fraud_analysis' }, 2],
    ['the source and the topic', { source: 'kafka', topic: 'one' }, 3],
    ['the topic', { source: 'kafka', topic: 'two' }, 4],
    ['the topic, which is not there', { source: 'kafka', topic: null }, undefined],
    ['the filters', { filters: { region: 'EU', quantity: 2 } }, 5],
    ['the filters in another order', { filters: { quantity: 2, region: 'EU' } }, 5],
    ['one of the filters', { filters: { region: 'EU' } }, undefined],
    ['the type of a filter', { filters: { region: 'EU', quantity: '2' } }, undefined],
    ['filters that are empty', { filters: {} }, 6],
  ])('tells lineages apart that differ in %s', async (_, overrides, expected) => {
    await submit(1);
    await submit(2, { analysisType: 'fraud_analysis' });
    await submit(3, { source: 'kafka', topic: 'one' });
    await submit(4, { source: 'kafka', topic: 'two' });
    await submit(5, { filters: { region: 'EU', quantity: 2 } });
    await submit(6, { filters: {} });
    const found = await registry().latestOf(lineage(overrides), ['PENDING']);
    expect(found?.uuid).toBe(expected && aUuid(expected));
  });
}
