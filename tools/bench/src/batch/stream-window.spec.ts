import { watchStream } from './stream-window';
import type { StreamLook } from './stream-window';

/** One look a second at 100 events/s, and micro-batches that store all that was sent when they end, at the seconds given. */
function aStream(microBatchEnds: readonly number[], overAtSecond = Infinity) {
  const over = new EventTarget();
  const lasts = new Promise<number>((resolve) => {
    over.addEventListener('over', () => {
      resolve(7);
    });
  });
  let second = -1;
  const look = (): Promise<StreamLook> => {
    second += 1;
    if (second === overAtSecond) over.dispatchEvent(new Event('over'));
    const lastEnd = Math.max(0, ...microBatchEnds.filter((end) => end <= second));
    return Promise.resolve({ atMs: second * 1_000, stored: lastEnd * 100, sent: second * 100 });
  };
  return { look, lasts };
}

describe('the window in which the stream is watched', () => {
  it('goes from the end of a micro-batch to the first end after all is over', async () => {
    const { look, lasts } = aStream([3, 8, 20, 23, 26], 21);
    // Over at second 21, in the middle of a micro-batch: the window ends at 23.
    const window = await watchStream(look, lasts, 0);
    expect(window).toEqual({
      storedRate: 100,
      sentRate: 100,
      mostBehind: 1_100,
      longestMicroBatchMs: 12_000,
      batches: 7,
    });
  });

  it('holds one micro-batch at least, however soon all is over', async () => {
    const { look, lasts } = aStream([5, 9], 1);
    expect(await watchStream(look, lasts, 0)).toMatchObject({ longestMicroBatchMs: 4_000 });
  });

  it('shows a stream that falls behind by its lower rate', async () => {
    let second = -1;
    const look = () => {
      second += 1;
      const stored = Math.floor(second / 4) * 200;
      return Promise.resolve({ atMs: second * 1_000, stored, sent: second * 100 });
    };
    expect(await watchStream(look, Promise.resolve(0), 0)).toMatchObject({ storedRate: 50, sentRate: 100 });
  });

  it('fails where the stream stands still', async () => {
    const { look, lasts } = aStream([3]);
    await expect(watchStream(look, lasts, 0)).rejects.toThrow('stored nothing for 5 min');
  });

  it('fails as what lasts fails', async () => {
    const { look } = aStream([3, 8, 20]);
    const lasts = Promise.reject<number>(new Error('no batch'));
    await expect(watchStream(look, lasts, 0)).rejects.toThrow('no batch');
  });
});
