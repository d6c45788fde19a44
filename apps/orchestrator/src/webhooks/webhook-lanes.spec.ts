import { WebhookLanes } from './webhook-lanes';

const NOW = new Date('2025-01-15T10:30:00Z');
const LATER = new Date('2025-01-15T10:31:00Z');
let now: Date;
let lanes: WebhookLanes;
let begun: string[];
let finish: Map<string, () => void>;

beforeEach(() => {
  now = NOW;
  lanes = new WebhookLanes(2, () => now);
  begun = [];
  finish = new Map();
});

const offer = (lane: string, name: string) =>
  lanes.offer(lane, {
    startBy: LATER,
    run: () =>
      new Promise((resolve) => {
        begun.push(name);
        finish.set(name, resolve);
      }),
  });

async function done(name: string): Promise<void> {
  finish.get(name)?.();
  await new Promise(setImmediate);
}

describe('the lanes of webhooks', () => {
  it('run one task of each lane at a time, and so many in all', async () => {
    for (const name of ['a1', 'a2', 'b1', 'c1']) offer(name.charAt(0), name);
    expect(begun).toEqual(['a1', 'b1']);
    await done('b1');
    expect(begun).toEqual(['a1', 'b1', 'c1']);
    await done('a1');
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('let lanes take turns', async () => {
    lanes = new WebhookLanes(1, () => now);
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1']) offer(name.charAt(0), name);
    for (const name of ['a1', 'b1', 'c1', 'a2']) await done(name);
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
  });

  it('do not keep more of one lane than they can do soon', () => {
    const kept = Array.from({ length: 600 }, (_, index) => offer('a', `a${index}`));
    expect(kept.filter((isKept) => isKept)).toHaveLength(501);
    expect(offer('b', 'b1')).toBe(true);
  });

  it('forget a task whose time is over', async () => {
    for (const name of ['a1', 'a2']) offer('a', name);
    now = new Date(LATER.getTime() + 1);
    await done('a1');
    expect(begun).toEqual(['a1']);
    await lanes.settled();
    now = NOW;
    offer('a', 'a3');
    expect(begun).toEqual(['a1', 'a3']);
  });

  it('settle when what runs is done, without what only waited', async () => {
    for (const name of ['a1', 'a2', 'b1']) offer(name.charAt(0), name);
    lanes.clear();
    let isSettled = false;
    const settled = lanes.settled().then(() => (isSettled = true));
    await done('a1');
    expect(isSettled).toBe(false);
    await done('b1');
    await settled;
    expect(begun).toEqual(['a1', 'b1']);
  });
});
