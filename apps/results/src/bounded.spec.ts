import { mapBounded } from './bounded';

describe('mapBounded', () => {
  it('keeps the order of the items and never runs more than the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('starts nothing after a failure, and ends when what was under way has ended', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const all = mapBounded([1, 2, 3, 4], 2, async (item) => {
      started.push(item);
      if (item === 1) throw new Error('first');
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      ended.push(item);
    });
    await expect(all).rejects.toThrow('first');
    expect(started).toEqual([1, 2]);
    expect(ended).toEqual([2]);
  });
});
