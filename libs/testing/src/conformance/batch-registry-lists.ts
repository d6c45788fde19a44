import type { BatchListQuery, BatchRecord, BatchRegistry } from '@millrace/domain';
import { aRegisteredBatch, aRequester, aUuid } from '../builders/batch';
import { START_TIME, idsOf, keyOf } from './batch-fixtures';

const second = (number: number) => new Date(Date.UTC(2025, 0, 15, 10, 30, number));

export function describeLists(registry: () => BatchRegistry): void {
  /** Three batches submitted a second apart; the oldest has the highest number. */
  let newestFirst: string[];
  beforeEach(async () => {
    const three = [];
    for (const [index, number] of [3, 2, 1].entries()) {
      three.push(await aRegisteredBatch(registry(), { uuid: aUuid(number), submitTime: second(index) }));
    }
    newestFirst = idsOf(three).reverse();
  });

  it('give the newest first', async () => {
    const { total, batches, hasMore } = await registry().list({ limit: 10 });
    expect({ total, hasMore }).toEqual({ total: 3, hasMore: false });
    expect(idsOf(batches)).toEqual(newestFirst);
  });

  it('give batches of the same moment in the order of their ids', async () => {
    const submitTime = new Date('2025-01-16T00:00:00.000Z');
    for (const number of [0xc, 0xa, 0xb])
      await aRegisteredBatch(registry(), { uuid: aUuid(number), submitTime });
    const { batches } = await registry().list({ limit: 3 });
    expect(batches.map(({ uuid }) => uuid)).toEqual([aUuid(0xa), aUuid(0xb), aUuid(0xc)]);
  });

  it('count all that match, not the page, and say whether there is more', async () => {
    const { total, batches, hasMore } = await registry().list({ limit: 2 });
    expect({ total, hasMore }).toEqual({ total: 3, hasMore: true });
    expect(idsOf(batches)).toEqual(newestFirst.slice(0, 2));
    expect(await registry().list({ limit: 3 })).toMatchObject({ hasMore: false });
  });

  describeFilters(registry);
  describePaging(registry);
}

function describeFilters(registry: () => BatchRegistry): void {
  it('of one state hold nothing else', async () => {
    const [, , oldest] = (await registry().list({ limit: 3 })).batches;
    await registry().claim(keyOf(oldest ?? { batchId: '' }), START_TIME);
    const running = await registry().list({ status: 'RUNNING', limit: 10 });
    expect({ ...running, batches: idsOf(running.batches) }).toEqual({
      total: 1,
      batches: [oldest?.batchId],
      hasMore: false,
    });
    const none = await registry().list({ status: 'UNKNOWN', limit: 10 });
    expect(none).toEqual({ total: 0, batches: [], hasMore: false });
  });

  it.each<[string, Omit<BatchListQuery, 'limit'>, number[]]>([
    ['an analysis', { analysisType: 'fraud_analysis' }, [6, 5]],
    ['a client', { client: 'team-a' }, [6, 4]],
    ['one label', { labels: { team: 'pricing' } }, [6, 5, 4]],
    ['all of several labels', { labels: { team: 'pricing', run: '2' } }, [5]],
    ['a label of another value', { labels: { team: 'pric' } }, []],
    ['no label at all', { labels: {} }, [6, 5, 4, 1, 2, 3]],
    ['a first time, included', { from: second(5) }, [6, 5]],
    ['a last time, not included', { to: second(5) }, [4, 1, 2, 3]],
    ['a range of times', { from: second(4), to: second(6) }, [5, 4]],
    ['several of these', { client: 'team-a', labels: { team: 'pricing' }, to: second(6) }, [4]],
    ['a client that no text can name', { client: 'a\u0000' }, []],
    ['a label that no text can name', { labels: { team: '\ud83d' } }, []],
  ])('of %s hold nothing else', async (_, query, expected) => {
    const labels = (run: string) => ({ team: 'pricing', run });
    const teamA = aRequester({ client: 'team-a' });
    const submit = (number: number, overrides: Partial<BatchRecord>) =>
      aRegisteredBatch(registry(), { uuid: aUuid(number), submitTime: second(number), ...overrides });
    await submit(4, { labels: labels('1'), requestedBy: teamA });
    await submit(5, { labels: labels('2'), analysisType: 'fraud_analysis' });
    await submit(6, { labels: labels('3'), analysisType: 'fraud_analysis', requestedBy: teamA });

    const { total, batches } = await registry().list({ ...query, limit: 10 });
    expect(batches.map(({ uuid }) => uuid)).toEqual(expected.map(aUuid));
    expect(total).toBe(expected.length);
    expect(await registry().list({ ...query, limit: 1 })).toMatchObject({
      total: expected.length,
      hasMore: expected.length > 1,
    });
  });
}

function describePaging(registry: () => BatchRegistry): void {
  it('give each batch once, page by page, whatever is submitted meanwhile', async () => {
    for (let number = 10; number < 20; number += 1) {
      // Five moments, two batches each.
      await aRegisteredBatch(registry(), { uuid: aUuid(number), submitTime: second(10 + (number % 5)) });
    }
    const before = idsOf((await registry().list({ limit: 100 })).batches);
    const seen: string[] = [];
    let after: BatchRecord | undefined;
    for (let page = 0; page < 5; page += 1) {
      const query = { limit: 3, ...(after && { after }) };
      const { batches, total, hasMore } = await registry().list(query);
      expect({ total, hasMore }).toEqual({ total: 13 + page, hasMore: page < 4 });
      seen.push(...idsOf(batches));
      after = batches.at(-1);
      await aRegisteredBatch(registry(), { uuid: aUuid(100 + page), submitTime: second(50) });
    }
    expect(seen).toEqual(before);
  });

  it('go on behind a batch that the filter does not match any more', async () => {
    const [newest] = (await registry().list({ status: 'PENDING', limit: 1 })).batches;
    if (newest === undefined) throw new Error('There are three');
    await registry().claim(keyOf(newest), START_TIME);
    const rest = await registry().list({ status: 'PENDING', limit: 5, after: newest });
    expect(rest).toMatchObject({ total: 2, hasMore: false });
    expect(rest.batches).toHaveLength(2);
  });
}
