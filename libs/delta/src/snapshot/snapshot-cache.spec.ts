import type { DataFile, Snapshot } from './snapshot';
import { SnapshotCache } from './snapshot-cache';

const file: DataFile = { path: 'a', partitionValues: {}, size: 1, numRecords: 1, stats: undefined };

describe('SnapshotCache', () => {
  const read: number[] = [];
  const reader = (version: number, files = 1) => {
    return async (): Promise<Snapshot> => {
      read.push(version);
      return Promise.resolve({
        tablePath: '/t',
        version,
        schema: [],
        partitionColumns: [],
        properties: {},
        files: Array.from({ length: files }, () => file),
      });
    };
  };

  beforeEach(() => {
    read.length = 0;
  });

  it('reads a version once, also for two requests at the same time', async () => {
    const cache = new SnapshotCache(10);
    const both = await Promise.all([cache.get('/t', 1, reader(1)), cache.get('/t', 1, reader(1))]);
    expect(both[0]).toBe(both[1]);
    expect(read).toEqual([1]);
  });

  it('lets the snapshot that was used least recently go when the files are too many', async () => {
    const cache = new SnapshotCache(10);
    await cache.get('/t', 1, reader(1, 3));
    await cache.get('/t', 2, reader(2, 3));
    await cache.get('/t', 1, reader(1, 3));
    await cache.get('/t', 3, reader(3, 3));
    await cache.get('/t', 1, reader(1, 3));
    await cache.get('/t', 2, reader(2, 3));
    expect(read).toEqual([1, 2, 3, 2]);
  });

  it('gives a snapshot larger than its bound and does not keep others for it', async () => {
    const cache = new SnapshotCache(2);
    expect((await cache.get('/t', 1, reader(1, 50))).files).toHaveLength(50);
    await cache.get('/t', 2, reader(2));
    await cache.get('/t', 1, reader(1, 50));
    expect(read).toEqual([1, 2, 1]);
  });

  it('does not remember a failure', async () => {
    const cache = new SnapshotCache(10);
    await expect(cache.get('/t', 1, async () => Promise.reject(new Error('torn')))).rejects.toThrow('torn');
    await cache.get('/t', 1, reader(1));
    expect(read).toEqual([1]);
  });
});
