import { BoundedCache } from './bounded-cache';

describe('BoundedCache', () => {
  const read: string[] = [];
  const cacheOf = (maxSize: number) => new BoundedCache<readonly string[]>(maxSize, ({ length }) => length);
  const reader = (key: string, size: number) => async (): Promise<readonly string[]> => {
    read.push(key);
    return Promise.resolve(Array.from({ length: size }, () => key));
  };
  const get = (cache: BoundedCache<readonly string[]>, key: string, size = 1) =>
    cache.get(key, reader(key, size));

  beforeEach(() => {
    read.length = 0;
  });

  it('reads a thing once, also for two requests at the same time', async () => {
    const cache = cacheOf(10);
    const both = await Promise.all([get(cache, 'a'), get(cache, 'a')]);
    expect(both[0]).toBe(both[1]);
    expect(read).toEqual(['a']);
  });

  it('lets go of what was used least recently when they are too large together', async () => {
    const cache = cacheOf(10);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(cache, key, 4);
    expect(read).toEqual(['a', 'b', 'c', 'b']);
  });

  it('gives what is larger than its bound and does not keep others for it', async () => {
    const cache = cacheOf(2);
    expect(await get(cache, 'a', 50)).toHaveLength(50);
    await get(cache, 'b');
    await get(cache, 'a', 50);
    expect(read).toEqual(['a', 'b', 'a']);
  });

  it('tells what it has, which counts as used', async () => {
    const cache = cacheOf(10);
    const reading = get(cache, 'a', 5);
    expect(cache.known('a')).toBeUndefined();
    await reading;
    await get(cache, 'b', 5);
    expect(cache.known('a')).toHaveLength(5);
    await get(cache, 'c', 5);
    expect(cache.known('a')).toHaveLength(5);
    expect(cache.known('b')).toBeUndefined();
  });

  it('reads again what it was told to forget', async () => {
    const cache = cacheOf(2);
    await get(cache, 'a', 2);
    cache.forget('a');
    cache.forget('a');
    await get(cache, 'b', 2);
    await get(cache, 'b', 2);
    await get(cache, 'a', 2);
    expect(read).toEqual(['a', 'b', 'a']);
  });

  it('does not remember a failure', async () => {
    const cache = cacheOf(10);
    await expect(cache.get('a', async () => Promise.reject(new Error('torn')))).rejects.toThrow('torn');
    await get(cache, 'a');
    expect(read).toEqual(['a']);
  });
});
