import { Timestamp } from 'spark-connect-js';
import { NoInputFiles, awaitFiles } from './await-files';
import type { InputFile } from './list-files';

const FILE: InputFile = {
  name: 'a.csv',
  path: 'file:/in/a.csv',
  format: 'csv',
  sizeBytes: 1,
  modifiedAt: Timestamp.fromDate(new Date(0)),
};
const often = { folder: '/in', timeoutMs: 60_000, intervalMs: 1 };

/** What is there at each look; the last one stays. */
function looks(...found: readonly (readonly InputFile[])[]) {
  let count = 0;
  const list = () => {
    count += 1;
    return Promise.resolve(found[Math.min(count, found.length) - 1] ?? []);
  };
  return { list, count: () => count };
}

it('are taken at once where there are some', async () => {
  const { list, count } = looks([FILE]);
  expect(await awaitFiles(list, { ...often, timeoutMs: 0 })).toEqual([FILE]);
  expect(count()).toBe(1);
});

it('are looked for until one has come', async () => {
  const { list, count } = looks([], [], [FILE]);
  expect(await awaitFiles(list, often)).toEqual([FILE]);
  expect(count()).toBe(3);
});

it('that do not come in time are missed by the name of their folder', async () => {
  const { list } = looks([]);
  const missed = awaitFiles(list, { ...often, timeoutMs: 20 });
  await expect(missed).rejects.toThrow(NoInputFiles);
  await expect(missed).rejects.toThrow('No input file came into /in within 0.02 s');
});

it('are not awaited any more by whoever is gone', async () => {
  const gone = new AbortController();
  const waiting = awaitFiles(looks([]).list, { ...often, intervalMs: 60_000, signal: gone.signal });
  gone.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
});

it('that cannot be looked for are no reason to wait', async () => {
  await expect(awaitFiles(() => Promise.reject(new Error('no such host')), often)).rejects.toThrow(
    'no such host',
  );
});
