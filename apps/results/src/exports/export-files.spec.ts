import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ExportFiles } from './export-files';
import type { WriteFile } from './export-files';

const KIB = 1_024;

let folder: string;
let files: ExportFiles;
let closing: AbortController[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export files '));
  files = new ExportFiles(folder, { maxMib: 1, graceMs: 0 });
  closing = [];
});

afterEach(async () => {
  for (const one of closing) one.abort();
  await rm(folder, { recursive: true, force: true });
});

/** An answer that is not at its end. */
function answering(): AbortController {
  const one = new AbortController();
  closing.push(one);
  return one;
}

/** Writes so many KiB, and counts how often. */
function writing(kib: number) {
  const made = { times: 0 };
  const write: WriteFile = async (name) => {
    made.times += 1;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), Buffer.alloc(kib * KIB, made.times));
  };
  return { made, write };
}

/** Writes until it is let go on, or not wanted any more. */
function writingLong() {
  let begin: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const seen: AbortSignal[] = [];
  const write: WriteFile = async (name, signal) => {
    seen.push(signal);
    await writeFile(join(folder, name), 'some');
    await new Promise<void>((resolve, reject) => {
      goOn = resolve;
      signal.addEventListener('abort', () => {
        reject(new Error('INTERRUPT Error'));
      });
      begin();
    });
  };
  return {
    begun,
    seen,
    write,
    goOn: () => {
      goOn();
    },
  };
}

const holdFor = async (name: string, kib: number) => {
  const answer = answering();
  await files.get(name, writing(kib).write, answer.signal);
  return answer;
};

it('a file is made once for all who ask for it, now and later', async () => {
  const { made, write } = writing(10);
  const [one, other] = await Promise.all([
    files.get('a', write, answering().signal),
    files.get('a', write, answering().signal),
  ]);
  const later = await files.get('a', write, answering().signal);
  expect(made.times).toBe(1);
  expect([other, later]).toEqual([one, one]);
  expect(await readFile(one.path)).toEqual(Buffer.alloc(10 * KIB, 1));
  expect([one.size, await readdir(folder)]).toEqual([10 * KIB, [expect.stringMatching(/^a-.*\.parquet$/)]]);
});

it('its digest is of its bytes', async () => {
  const digestOf = async (name: string, kib: number) =>
    (await files.get(name, writing(kib).write, answering().signal)).digest;
  expect(await digestOf('a', 1)).toBe(await digestOf('b', 1));
  expect(await digestOf('a', 1)).not.toBe(await digestOf('c', 2));
});

it('one that somebody removed or cut is made anew', async () => {
  const { made, write } = writing(10);
  const first = await files.get('a', write, answering().signal);
  await truncate(first.path, 5);
  const second = await files.get('a', write, answering().signal);
  await rm(folder, { recursive: true });
  const third = await files.get('a', write, answering().signal);
  expect([made.times, second.size, third.size]).toEqual([3, 10 * KIB, 10 * KIB]);
});

it('one that nobody asks for goes after a while, and not before', async () => {
  files = new ExportFiles(folder, { maxMib: 1, keptMs: 1 });
  const sent = await holdFor('a', 10);
  const other = await holdFor('b', 10);
  other.abort();
  while ((await readdir(folder)).length > 1) await setImmediate();
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^a-/)]);
  sent.abort();
  while ((await readdir(folder)).length > 0) await setImmediate();
});

describe('the room', () => {
  const names = async () => (await readdir(folder)).map((name) => name.charAt(0)).sort();

  it('is made by the one that was not used for longest', async () => {
    for (const name of ['a', 'b']) (await holdFor(name, 400)).abort();
    (await holdFor('a', 400)).abort();
    await holdFor('c', 400);
    const { made, write } = writing(100);
    await files.get('a', write, answering().signal);
    expect(made.times).toBe(0);
    await files.get('b', write, answering().signal);
    expect(made.times).toBe(1);
  });

  it('is not made by those that are being sent', async () => {
    const sent = await holdFor('a', 400);
    const other = await holdFor('b', 400);
    const c = () => files.get('c', writing(400).write, answering().signal);
    await expect(c()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('RESULTS_EXPORT_MIB') as string,
    });
    expect(await names()).toEqual(['a', 'b']);
    other.abort();
    await c();
    expect(sent.signal.aborted).toBe(false);
    expect((await files.get('a', writing(1).write, answering().signal)).size).toBe(400 * KIB);
  });

  it('does not hold a file that is larger, and says what to do', async () => {
    await expect(files.get('a', writing(1_025).write, answering().signal)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      details: [{ path: 'format', message: expect.stringMatching(/1 MiB.*RESULTS_EXPORT_MIB/) as string }],
    });
    expect(await names()).toEqual([]);
  });

  it('ends the writing of a file as soon as it is too large', async () => {
    let resolve: (reason: unknown) => void = () => undefined;
    const promise = new Promise<unknown>((settle) => (resolve = settle));
    const endless: WriteFile = (name, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          resolve(signal.reason);
          reject(new Error('INTERRUPT Error'));
        });
        void writeFile(join(folder, name), Buffer.alloc(2 * KIB * KIB));
      });
    await expect(files.get('a', endless, answering().signal)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
    expect(await promise).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await names()).toEqual([]);
  });
});

describe('a file that is being made', () => {
  it('is not any more when nobody waits for it, and leaves nothing behind', async () => {
    const { begun, seen, write } = writingLong();
    const [one, other] = [answering(), answering()];
    const asked = [one, other].map(({ signal }) => files.get('a', write, signal));
    const told = Promise.allSettled(asked);
    await begun;
    one.abort();
    await expect(asked[0]).rejects.toThrow(/abort/i);
    expect(seen.map(({ aborted }) => aborted)).toEqual([false]);
    const givenUp = seen.map((signal) => once(signal, 'abort'));
    other.abort();
    await told;
    expect(await Promise.all(givenUp)).toHaveLength(1);
    expect((await files.get('a', writing(1).write, answering().signal)).size).toBe(KIB);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/parquet$/)]);
  });

  it('is made to its end for who is left', async () => {
    const { begun, write, goOn } = writingLong();
    const [one, other] = [answering(), answering()];
    const first = files.get('a', write, one.signal);
    const second = files.get('a', write, other.signal);
    await begun;
    one.abort();
    await expect(first).rejects.toThrow(/abort/i);
    goOn();
    expect(await readFile((await second).path, 'utf8')).toBe('some');
  });

  it('is gone on with for who asks again soon', async () => {
    files = new ExportFiles(folder, { maxMib: 1, graceMs: 60_000 });
    const { begun, seen, write, goOn } = writingLong();
    const impatient = answering();
    const first = files.get('a', write, impatient.signal);
    await begun;
    impatient.abort();
    await expect(first).rejects.toThrow(/abort/i);
    const again = files.get('a', write, answering().signal);
    goOn();
    expect(await readFile((await again).path, 'utf8')).toBe('some');
    expect(seen).toHaveLength(1);
  });

  it('fails for all who wait, is not remembered, and leaves nothing behind', async () => {
    const broken: WriteFile = async (name) => {
      await writeFile(join(folder, name), 'half');
      throw new Error('disk on fire');
    };
    const asked = [1, 2].map(() => files.get('a', broken, answering().signal));
    for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
    expect(await readdir(folder)).toEqual([]);
    expect((await files.get('a', writing(1).write, answering().signal)).size).toBe(KIB);
  });

  it('is not begun for who is gone', async () => {
    const { made, write } = writing(1);
    await expect(files.get('a', write, AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(made.times).toBe(0);
  });
});
